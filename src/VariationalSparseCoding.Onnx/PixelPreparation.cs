using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Onnx;

/// <summary>Makes of an image what a network takes: bilinear resizing without antialiasing (pixel centres at half numbers, edges repeated), grey repeated, pixels normalised.</summary>
/// <param name="from">The images' shape.</param>
/// <param name="to">The network's; of as many channels, or three for one.</param>
/// <param name="normalisation">What is done to pixels.</param>
internal sealed class PixelPreparation(ImageShape from, ImageShape to, PixelNormalisation normalisation)
{
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f], ImageNetDeviation = [0.229f, 0.224f, 0.225f];

    private readonly Tap[] rows = Taps(from.Height, to.Height), columns = Taps(from.Width, to.Width);

    /// <summary>Prepares one image.</summary>
    /// <param name="image">Pixels in [0, 1], in the images' shape.</param>
    /// <param name="destination">Receives them in the network's.</param>
    public void Write(ReadOnlySpan<float> image, Span<float> destination)
    {
        for (int channel = 0; channel < to.Channels; channel++)
        {
            var source = image.Slice(channel % from.Channels * from.Height * from.Width, from.Height * from.Width);
            var (scale, offset) = Normalise(channel);
            int next = channel * to.Height * to.Width;
            foreach (var row in rows)
            {
                ReadOnlySpan<float> above = source.Slice(row.First * from.Width, from.Width), below = source.Slice(row.Second * from.Width, from.Width);
                foreach (var column in columns)
                {
                    float top = above[column.First] + (above[column.Second] - above[column.First]) * column.Share;
                    float bottom = below[column.First] + (below[column.Second] - below[column.First]) * column.Share;
                    destination[next++] = (top + (bottom - top) * row.Share) * scale + offset;
                }
            }
        }
    }

    private (float Scale, float Offset) Normalise(int channel) => normalisation switch
    {
        // A grey input has no colour of its own: the green channel's numbers are the middle ones.
        PixelNormalisation.ImageNet when to.Channels == 1 => (1 / ImageNetDeviation[1], -ImageNetMean[1] / ImageNetDeviation[1]),
        PixelNormalisation.ImageNet => (1 / ImageNetDeviation[channel], -ImageNetMean[channel] / ImageNetDeviation[channel]),
        PixelNormalisation.Symmetric => (2, -1),
        _ => (1, 0),
    };

    private static Tap[] Taps(int from, int to)
    {
        var taps = new Tap[to];
        for (int i = 0; i < to; i++)
        {
            double centre = Math.Clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
            int first = (int)centre;
            taps[i] = new(first, Math.Min(first + 1, from - 1), (float)(centre - first));
        }
        return taps;
    }

    /// <summary>The two pixels between which one lies along an axis, and how far it is from the first to the second.</summary>
    private readonly record struct Tap(int First, int Second, float Share);
}
