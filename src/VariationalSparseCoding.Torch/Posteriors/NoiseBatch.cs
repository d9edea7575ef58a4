using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>The draws of a batch whose noise is wanted, [B, J, d].</summary>
/// <param name="Key">Seed, purpose and step.</param>
/// <param name="FirstRow">Number of the batch's first row.</param>
/// <param name="Draws">J.</param>
/// <param name="Like">A tensor [B, d] of the noise's type and device.</param>
internal readonly record struct NoiseBatch(NoiseKey Key, int FirstRow, int Draws, Tensor Like)
{
    /// <summary>Draws a variate for each element, [B, J, d].</summary>
    /// <typeparam name="TVariate">Its distribution.</typeparam>
    /// <param name="stream">Which variate of each element; see <see cref="VariationalSparseCoding.Posteriors.NoiseStreams"/>.</param>
    public Tensor Draw<TVariate>(int stream) where TVariate : IVariate
    {
        var (key, firstRow, draws) = (Key, FirstRow, Draws);
        int rows = (int)Like.shape[0], features = (int)Like.shape[1], threads = get_num_threads();
        return TensorMemory.Filled([rows, draws, features], Like.dtype, Like.device,
            span => CounterNoise.Fill<TVariate, float>(key, stream, firstRow, rows, draws, features, span, threads),
            span => CounterNoise.Fill<TVariate, double>(key, stream, firstRow, rows, draws, features, span, threads));
    }
}
