using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Evaluation;

/// <summary>What an encoding came to.</summary>
/// <param name="Samples">How many samples were encoded, N.</param>
/// <param name="Atoms">Features of a code, d.</param>
/// <param name="ActiveFraction">Share of features that are not exactly zero; of probabilities their mean.</param>
internal sealed record EncodingSummary(long Samples, int Atoms, double ActiveFraction);

/// <summary>Encodes and decodes whole files with a trained run.</summary>
internal static class CodeFiles
{
    /// <summary>The input that is the run's own training samples.</summary>
    public const string TrainingSamples = "training-samples";

    /// <summary>The input that is the run's own validation samples.</summary>
    public const string ValidationSamples = "validation-samples";

    private const string Dense = ".npy", Sparse = ".npz";
    private const int BlockRows = 1000;

    /// <summary>Encodes data and writes the codes: dense .npy, [N, d] float32, or sparse .npz in SciPy's CSR layout.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="input">Images or a matrix, see <see cref="DataSets.OpenForEncoding"/>; or <see cref="TrainingSamples"/> or <see cref="ValidationSamples"/>, in the order in which the run has them.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">Which codes.</param>
    /// <param name="choice">What of the input is meant.</param>
    /// <param name="areProbabilities">Whether the probability that a feature is active is meant instead of its code.</param>
    /// <param name="cancellationToken">Stops between batches; nothing is written then.</param>
    /// <exception cref="InvalidInputException">The run, the input or the output's name cannot be used.</exception>
    public static EncodingSummary Encode(RunFolder folder, string input, string output, EncodeOptions options, EncodingChoice choice = default, bool areProbabilities = false, CancellationToken cancellationToken = default)
    {
        string ending = Ending(output);
        options.Validate();
        folder.RequireNotOwn(output);
        foreach (string file in StoreFiles.IsPattern(input) ? StoreFiles.Of(input) : [input]) OutputFile.RequireNotInput(output, file);
        using var model = Model(folder);
        if (!model.HasNetwork && options.Kind is { } kind and not (CodeKind.ConvergedFista or CodeKind.ZeroCode))
            throw new InvalidInputException($"{folder.Root}: a run of '{model.Experiment.Method}' has one kind of codes, the optimum, and none of the kind {kind}; leave the kind out.");
        bool isOwn = input is TrainingSamples or ValidationSamples;
        if (isOwn && choice.Stride is { } unused) throw DataSets.NoStride(input, unused);
        using var data = isOwn ? OwnData(folder, model) : null;
        using var opened = data is null ? DataSets.OpenForEncoding(input, model.Preprocessing, choice) : null;
        var samples = opened ?? (input == TrainingSamples ? data!.Train : data!.Validation);
        var inference = new CodeInference(model, AnnealedWeights.Evaluation);
        int atoms = model.Experiment.Generator.Atoms;
        double active = 0;

        if (ending == Dense) Npy.Write<float>(output, samples.Count, atoms, writer => Stream(codes => writer.Append(codes)));
        else
        {
            var rows = new CsrBuilder(atoms);
            Stream(rows.Append);
            Npz.Write(output, rows.Build());
        }
        return new(samples.Count, atoms, samples.Count == 0 ? 0 : active / ((double)samples.Count * atoms));

        void Stream(Action<ReadOnlySpan<float>> write)
        {
            if (areProbabilities) inference.Probabilities(samples, Write, cancellationToken);
            else inference.Stream(options, samples, Write, cancellationToken);

            void Write(int firstRow, ReadOnlySpan<float> codes)
            {
                if (areProbabilities) foreach (float probability in codes) active += probability;
                else active += codes.Length - codes.Count(0f);
                write(codes);
            }
        }
    }

    /// <summary>Decodes codes, undoes the standardisation and writes the samples as .npy, [N, D] float32.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="codes">Dense .npy or sparse .npz.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="cancellationToken">Stops between blocks; nothing is written then.</param>
    /// <returns>The number of samples.</returns>
    /// <exception cref="InvalidInputException">The run or a file cannot be used.</exception>
    public static long Decode(RunFolder folder, string codes, string output, CancellationToken cancellationToken = default)
    {
        if (!HasEnding(output, Dense)) throw new InvalidInputException($"{output}: samples are written as {Dense}; give the file that ending.");
        folder.RequireNotOwn(output);
        OutputFile.RequireNotInput(output, codes);
        using var model = Model(folder);
        if (Ending(codes) == Dense)
        {
            using var matrix = NpyMatrix.Open(codes);
            return Write(model, codes, matrix.Rows, matrix.Columns, output, (first, count, block) => matrix.CopyRows(first, count, block), cancellationToken);
        }
        var sparse = Npz.Read(codes);
        return Write(model, codes, sparse.Rows, sparse.Columns, output, (first, count, block) =>
        {
            for (int row = 0; row < count; row++) sparse.CopyRow((int)first + row, block.Slice(row * sparse.Columns, sparse.Columns));
        }, cancellationToken);
    }

    private static long Write(SparseCodingModel model, string codes, long rows, int columns, string output, CopyBlock copy, CancellationToken cancellationToken)
    {
        int atoms = model.Experiment.Generator.Atoms, dimension = model.Preprocessing.Dimension;
        if (columns != atoms) throw new InvalidInputException($"{codes}: has {columns} columns where the model has {atoms} {(model.Experiment.Generator.Kind == GeneratorKind.Linear ? "atoms" : "features")}; give codes of this run.");
        if (rows == 0) throw new InvalidInputException($"{codes}: has no rows; give at least one code.");
        Npy.Write<float>(output, rows, dimension, writer =>
        {
            float[] block = new float[BlockRows * atoms], samples = new float[BlockRows * dimension];
            for (long first = 0; first < rows; first += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = (int)Math.Min(BlockRows, rows - first);
                copy(first, count, block);
                RequireFinite(block.AsSpan(0, count * atoms), first, atoms, codes);
                CodeDecoding.Decode(model, block.AsSpan(0, count * atoms), samples);
                writer.Append(samples.AsSpan(0, count * dimension));
            }
        });
        return rows;
    }

    private static void RequireFinite(ReadOnlySpan<float> block, long first, int atoms, string codes)
    {
        for (int row = 0; row < block.Length / atoms; row++) ColumnStatistics.RequireFinite(block.Slice(row * atoms, atoms), first + row, codes);
    }

    private static SparseCodingModel Model(RunFolder folder)
    {
        var (checkpoint, file) = folder.RequireNewestCheckpoint();
        return ModelFile.Model(checkpoint, file, folder.Experiment.Compute.Device);
    }

    private static DataSplit OwnData(RunFolder folder, SparseCodingModel model)
    {
        var data = DataSets.Open(folder.Experiment.Data, folder.Experiment.Seed);
        try
        {
            ModelFile.RequireSameData(folder.NewestCheckpoint!, model.Preprocessing, data.Preprocessing);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static string Ending(string path) => HasEnding(path, Dense) ? Dense : HasEnding(path, Sparse) ? Sparse
        : throw new InvalidInputException($"{path}: codes are dense {Dense} or sparse {Sparse}; give the file one of these endings.");

    private static bool HasEnding(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private delegate void CopyBlock(long first, int count, Span<float> block);
}
