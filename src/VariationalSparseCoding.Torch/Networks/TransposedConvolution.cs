using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>
/// A transposed convolution of square float32 images with kernels of 4 x 4, on the calling thread: a matrix product gives what each pixel adds to the 4 x 4 pixels about it, and
/// these are summed. Images are [side, side, channels]: the channels of a pixel are neighbours, and so are pixels of a row, so that what one pixel adds to a row is one run of numbers.
/// </summary>
/// <param name="Side">Rows and columns of an image x.</param>
/// <param name="Inputs">Channels of x.</param>
/// <param name="Outputs">Channels of y.</param>
/// <param name="Stride">Pixels of y from one pixel of x to the next.</param>
/// <param name="Padding">Pixels that y loses at each edge.</param>
internal readonly unsafe record struct TransposedConvolution(int Side, int Inputs, int Outputs, int Stride, int Padding)
{
    /// <summary>Rows and columns of a kernel.</summary>
    public const int KernelSize = 4;

    /// <summary>Rows and columns of an image y.</summary>
    public int OutputSide => (Side - 1) * Stride - 2 * Padding + KernelSize;

    /// <summary>Numbers of an image x.</summary>
    public int InputSize => Side * Side * Inputs;

    /// <summary>Numbers of an image y.</summary>
    public int OutputSize => OutputSide * OutputSide * Outputs;

    /// <summary>Numbers that <see cref="Apply"/> needs for the products of an image.</summary>
    public int ProductSize => Side * Side * RowsTogether * RowWidth;

    // A row of the kernel is a product of its own, which stays in the second cache; products of few channels are too narrow for that.
    private int RowsTogether => Outputs <= 16 ? KernelSize : 1;

    private int RowWidth => KernelSize * Outputs;

    /// <summary>y = bias + W x, and the ReLU of it where there is one.</summary>
    /// <param name="x">Images, [n, side, side, inputs].</param>
    /// <param name="weight">W, [inputs, 4, 4, outputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="images">n.</param>
    /// <param name="products">Room for n <see cref="ProductSize"/> numbers.</param>
    /// <param name="y">Receives the images, [n, output side, output side, outputs].</param>
    /// <param name="rectified">Whether a ReLU follows.</param>
    public void Apply(float* x, float* weight, float* bias, int images, float* products, float* y, bool rectified)
    {
        var start = new ReadOnlySpan<float>(bias, Outputs);
        for (int pixel = 0; pixel < images * OutputSide * OutputSide; pixel++) start.CopyTo(new Span<float>(y + pixel * Outputs, Outputs));
        int columns = RowsTogether * RowWidth;
        for (int first = 0; first < KernelSize; first += RowsTogether)
        {
            MatrixProduct.Multiply(new(x, Inputs), new(weight + first * RowWidth, KernelSize * RowWidth), new(products, columns), images * Side * Side, columns, Inputs);
            for (int row = 0; row < RowsTogether; row++) AddRow(products + row * RowWidth, columns, first + row, images, y);
        }
        if (rectified) Rectify(y, images * OutputSize);
    }

    /// <summary>Adds what a row of the kernel gives.</summary>
    private void AddRow(float* products, int stride, int kernelRow, int images, float* y)
    {
        int side = OutputSide;
        for (int row = 0; row < images * Side; row++)
        {
            int outputRow = row % Side * Stride - Padding + kernelRow;
            if ((uint)outputRow >= (uint)side) continue;
            float* destination = y + (row / Side * side + outputRow) * side * Outputs, source = products + row * Side * stride;
            for (int column = 0; column < Side; column++, source += stride)
            {
                int left = column * Stride - Padding, first = Math.Max(0, -left), end = Math.Min(KernelSize, side - left);
                Add(source + first * Outputs, destination + (left + first) * Outputs, (end - first) * Outputs);
            }
        }
    }

    private static void Add(float* source, float* destination, int count)
    {
        int i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count) (Vector512.Load(destination + i) + Vector512.Load(source + i)).Store(destination + i);
        for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count) (Vector128.Load(destination + i) + Vector128.Load(source + i)).Store(destination + i);
        for (; i < count; i++) destination[i] += source[i];
    }

    private static void Rectify(float* numbers, int count)
    {
        int i = 0;
        // A NaN must stay one: the loss is what tells of it.
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count) Vector512.Max(Vector512.Load(numbers + i), Vector512<float>.Zero).Store(numbers + i);
        for (; i < count; i++) numbers[i] = Math.Max(numbers[i], 0);
    }
}
