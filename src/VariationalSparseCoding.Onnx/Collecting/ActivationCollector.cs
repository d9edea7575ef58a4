using Microsoft.ML.OnnxRuntime;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>
/// Runs a model over an input and stores what some of its tensors hold, row by row in the order of the input. A collection that was stopped goes on where its last whole shard
/// ends, and the stores become the same as without the stop: what is computed together depends on the input only.
/// </summary>
internal static class ActivationCollector
{
    private const string LockName = ".lock";

    // Of rows that wait for those before them.
    private const long BytesPerWindow = 32L << 20;

    /// <summary>Collects.</summary>
    /// <param name="options">What, and where to.</param>
    /// <param name="input">What the model is given.</param>
    /// <param name="progress">Told after each window.</param>
    /// <param name="cancellationToken">Stops the collection; the stores can be gone on with.</param>
    /// <returns>The stores in the order of the tensors.</returns>
    /// <exception cref="InvalidInputException">Model, input, tensors and folder do not fit each other, or another process collects into the folder.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public static IReadOnlyList<CollectedStore> Run(CollectOptions options, CollectionInput input, IProgress<CollectProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var model = ActivationModel.Open(options.Model, options.Tensors, options.Threads);
        input.Bind(model);
        var probed = Probe(model, input, options.Pooling, cancellationToken);
        using var turn = Lock(options);
        string[] folders = Folders(options);
        TensorStore[] stores = [.. probed.Select((found, index) => TensorStore.Open(folders[index], model, index, options, input, found))];
        if (!stores.All(store => store.IsComplete)) Collect(model, input, stores, options, progress, cancellationToken);
        foreach (var store in stores)
        {
            cancellationToken.ThrowIfCancellationRequested();
            store.Complete(input);
        }
        return [.. stores.Select(store => store.Summary)];
    }

    private static void Collect(ActivationModel model, CollectionInput input, TensorStore[] stores, CollectOptions options, IProgress<CollectProgress>? progress, CancellationToken cancellationToken)
    {
        int mostPositions = (int)Math.Max(1, BytesPerWindow / sizeof(float) / stores.Sum(store => store.Layout.Dimension)), samples = 0;
        bool hasBegun = false;
        foreach (var window in input.Windows(mostPositions))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (stores.All(store => store.Has(window)))
            {
                foreach (var store in stores) store.Pass(window);
            }
            else
            {
                // The rate is that of what is computed.
                if (!hasBegun) Report();
                hasBegun = true;
                var rows = Compute(model, window, stores, cancellationToken);
                for (int i = 0; i < stores.Length; i++)
                    foreach (float[] own in rows[i]) stores[i].Append(own);
            }
            samples += window.Count;
            if (hasBegun) Report();
            if (stores.All(store => store.IsFull)) return;
        }

        void Report()
        {
            double ofSamples = (double)samples / input.Count, ofRows = (double)stores[0].Rows / (options.MostRows ?? long.MaxValue);
            progress?.Report(new(Math.Max(ofSamples, ofRows), stores[0].Rows));
        }
    }

    /// <summary>Returns the rows of each tensor and sample of a window, [tensors][samples].</summary>
    private static float[][][] Compute(ActivationModel model, InputWindow window, TensorStore[] stores, CancellationToken cancellationToken)
    {
        float[][][] rows = [.. stores.Select(_ => new float[window.Count][])];
        foreach (var batch in window.Batches())
        {
            using var given = batch;
            cancellationToken.ThrowIfCancellationRequested();
            using var tensors = model.Run(batch.Values, cancellationToken);
            for (int i = 0; i < stores.Length; i++)
            {
                var layout = stores[i].Layout;
                long[] shape = tensors[i].GetTensorTypeAndShape().Shape;
                layout.Require(shape, batch);
                if (batch.Length is null && RowLayout.PositionsOf(shape) != stores[i].Positions)
                    throw new InvalidInputException($"the tensor '{model.Tensors[i]}' has {RowLayout.PositionsOf(shape)} positions for some samples and {stores[i].Positions} for others; name another.");
                var values = tensors[i].GetTensorDataAsSpan<float>();
                for (int sample = 0; sample < batch.Places.Count; sample++)
                    rows[i][batch.Places[sample]] = layout.Extract(values, shape, sample, window.Kept(batch.Places[sample]));
            }
        }
        return rows;
    }

    /// <summary>Finds how rows lie in each tensor from a run on the first samples, before anything is written.</summary>
    private static (RowLayout Layout, int Positions)[] Probe(ActivationModel model, CollectionInput input, Pooling pooling, CancellationToken cancellationToken)
    {
        using var batch = input.Windows(1).First().Batches().First();
        using var tensors = model.Run(batch.Values, cancellationToken);
        return [.. model.Tensors.Select((tensor, index) => Layout(tensor, tensors[index]))];

        (RowLayout, int) Layout(string tensor, OrtValue value)
        {
            long[] shape = value.GetTensorTypeAndShape().Shape;
            return (RowLayout.Of(tensor, shape, batch, pooling), RowLayout.PositionsOf(shape));
        }
    }

    private static FileStream Lock(CollectOptions options)
    {
        string folder = options.Folder;
        if (File.Exists(folder)) throw new InvalidInputException($"{folder}: is a file; name a new folder for the store.");
        if (options.Tensors.Count > 1 && StoreDescription.IsIn(folder)) throw new InvalidInputException($"{folder}: holds the store of one tensor; name a new folder for those of several.");
        bool isBegun = StoreDescription.IsIn(folder) || options.Tensors.Count > 1 && Folders(options).Any(StoreDescription.IsIn);
        try
        {
            bool isFree = !Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) == LockName || AtomicFile.IsTemporary(entry));
            if (!isBegun && !isFree) throw new InvalidInputException($"{folder}: there are other files in this folder; name a new one for the store.");
            Directory.CreateDirectory(folder);
            return FileLock.TryTake(Path.Combine(folder, LockName), FileOptions.DeleteOnClose) ?? throw new InvalidInputException($"{folder}: another process is collecting into this folder; wait for it or stop it.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{folder}: cannot be written ({failure.Message}); name a folder in a place where you may write.", failure);
        }
    }

    // Names of tensors may hold what names of folders must not.
    private static string[] Folders(CollectOptions options)
    {
        if (options.Tensors.Count == 1) return [options.Folder];
        string[] names = [.. options.Tensors.Select(tensor => string.Concat(tensor.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_')).TrimStart('_', '.'))];
        return [.. names.Select((name, index) => Path.Combine(options.Folder, name.Length == 0 || names.AsSpan(0, index).Contains(name) ? $"{name}_{index}" : name))];
    }
}
