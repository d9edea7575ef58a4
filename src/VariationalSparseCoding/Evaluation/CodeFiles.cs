using VariationalSparseCoding.Data;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Which codes of new data are wanted.</summary>
/// <param name="Kind">The kind of codes.</param>
/// <param name="Samples">J of codes as trained; null for the training's.</param>
/// <param name="Seed">Seed of random codes; null for the run's.</param>
/// <param name="Stride">Pixels between the patches of an image; null for the patch size.</param>
public sealed record CodeRequest(CodeKind Kind, int? Samples = null, ulong? Seed = null, int? Stride = null);

/// <summary>What an encoding came to.</summary>
/// <param name="Samples">How many samples were encoded, N.</param>
/// <param name="Atoms">Features of a code, d.</param>
/// <param name="ActiveFraction">Share of features that are not exactly zero.</param>
public sealed record EncodingSummary(long Samples, int Atoms, double ActiveFraction);

/// <summary>Encodes and decodes whole files with a trained run.</summary>
public static class CodeFiles
{
    private const string Dense = ".npy", Sparse = ".npz";
    private const int BlockRows = 1000;

    /// <summary>Encodes data and writes the codes: dense .npy, [N, d] float32, or sparse .npz in SciPy's CSR layout.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="input">Images or a matrix; see <see cref="EncodingInput"/>.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="request">Which codes.</param>
    /// <param name="cancellation">Stops between batches; nothing is written then.</param>
    /// <exception cref="InvalidInputException">The run, the input or the output's name cannot be used.</exception>
    public static EncodingSummary Encode(RunFolder folder, string input, string output, CodeRequest request, CancellationToken cancellation = default)
    {
        string ending = Ending(output);
        if (request.Samples is < 1 or > 10_000) throw new InvalidInputException($"samples: must lie between 1 and 10000, not {request.Samples}.");
        using var model = Model(folder);
        using var samples = EncodingInput.Open(input, model.Preprocessing, request.Stride);
        var experiment = model.Experiment;
        var inference = new CodeInference(model, Anneal.Evaluation);
        int atoms = experiment.Generator.Atoms;
        long active = 0;

        if (ending == Dense) Npy.Write<float>(output, samples.Count, atoms, writer => Stream(codes => writer.Append(codes)));
        else
        {
            var rows = new CsrBuilder(atoms);
            Stream(rows.Append);
            Npz.Write(output, rows.Build());
        }
        return new(samples.Count, atoms, samples.Count == 0 ? 0 : active / ((double)samples.Count * atoms));

        void Stream(Action<ReadOnlySpan<float>> write) => inference.Stream(request.Kind, samples,
            new NoiseKey(request.Seed ?? experiment.Seed, NoisePurpose.Evaluation, 0), request.Samples ?? experiment.Sampling.EvaluationBudget,
            (_, codes) =>
            {
                active += codes.Length - codes.Count(0f);
                write(codes);
            }, cancellation);
    }

    /// <summary>Decodes codes, undoes the standardisation and writes the samples as .npy, [N, D] float32.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="codes">Dense .npy or sparse .npz.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="cancellation">Stops between blocks; nothing is written then.</param>
    /// <returns>The number of samples.</returns>
    /// <exception cref="InvalidInputException">The run or a file cannot be used.</exception>
    public static long Decode(RunFolder folder, string codes, string output, CancellationToken cancellation = default)
    {
        if (!HasEnding(output, Dense)) throw new InvalidInputException($"{output}: samples are written as {Dense}; give the file that ending.");
        using var model = Model(folder);
        if (Ending(codes) == Dense)
        {
            using var matrix = NpyMatrix.Open(codes);
            return Write(model, codes, matrix.Rows, matrix.Columns, output, (first, count, block) => matrix.CopyRows(first, count, block), cancellation);
        }
        var sparse = Npz.Read(codes);
        return Write(model, codes, sparse.Rows, sparse.Columns, output, (first, count, block) =>
        {
            for (int row = 0; row < count; row++) sparse.CopyRow((int)first + row, block.Slice(row * sparse.Columns, sparse.Columns));
        }, cancellation);
    }

    private static long Write(SparseCodingModel model, string codes, long rows, int columns, string output, CopyBlock copy, CancellationToken cancellation)
    {
        int atoms = model.Experiment.Generator.Atoms, dimension = model.Preprocessing.Dimension;
        if (columns != atoms) throw new InvalidInputException($"{codes}: has {columns} columns where the dictionary has {atoms} atoms; give codes of this run.");
        Npy.Write<float>(output, rows, dimension, writer =>
        {
            using var _ = no_grad();
            for (long first = 0; first < rows; first += BlockRows)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                int count = (int)Math.Min(BlockRows, rows - first);
                var block = empty([count, atoms]);
                copy(first, count, block.Span<float>());
                var samples = model.Generator.Decode(block.to(model.Device)).cpu().contiguous();
                model.Preprocessing.Restore(samples.Span<float>());
                writer.Append(samples.Span<float>());
            }
        });
        return rows;
    }

    private static SparseCodingModel Model(RunFolder folder)
    {
        string checkpoint = folder.NewestCheckpoint
            ?? throw new InvalidInputException($"{folder.Root}: has no checkpoint yet; train it with 'vsc resume {folder.Root}'.");
        return ModelFile.Read(checkpoint, folder.Experiment.Compute.Device);
    }

    private static string Ending(string path) => HasEnding(path, Dense) ? Dense : HasEnding(path, Sparse) ? Sparse
        : throw new InvalidInputException($"{path}: codes are dense {Dense} or sparse {Sparse}; give the file one of these endings.");

    private static bool HasEnding(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private delegate void CopyBlock(long first, int count, Span<float> block);
}
