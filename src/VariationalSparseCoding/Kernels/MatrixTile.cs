using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// The inner loop of <see cref="MatrixProduct"/>: a tile of at most 12 rows and two vectors of columns, whose sums stay in registers while the depth passes by.
/// Each sum is one chain of multiply-adds (fused where the processor has them) in the order of the depth, so its bits depend neither on the tile's height nor on the width of vectors.
/// </summary>
internal static unsafe class MatrixTile
{
    /// <summary>A number of rows that the compiler knows, so that each has its own loop without branches.</summary>
    public interface IRows
    {
        static abstract int Count { get; }
    }

    /// <summary>The vector that a tile is made of.</summary>
    /// <typeparam name="TSelf">The vector.</typeparam>
    public interface IVector<TSelf>
    {
        static abstract int Lanes { get; }

        static abstract TSelf All(float number);

        static abstract TSelf Load(float* numbers);

        static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf sum);

        static abstract TSelf Rectify(TSelf numbers);

        static abstract void Store(TSelf numbers, float* destination);
    }

    /// <summary>start + A B of one tile, and the ReLU of it where there is one.</summary>
    /// <typeparam name="TVector">The vector; a tile has two of them side by side.</typeparam>
    /// <typeparam name="TRows">Number of rows, at most 12.</typeparam>
    /// <param name="tile">Where its operands are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TVector, TRows>(in Operands tile) where TVector : struct, IVector<TVector> where TRows : struct, IRows
    {
        float* a0 = tile.A.Start, b = tile.B.Start, end = b + tile.Depth * tile.B.RowStride;
        nint next = tile.A.ColumnStride, nextB = tile.B.RowStride, row = tile.A.RowStride;
        float* a3 = a0 + 3 * row, a6 = a0 + 6 * row, a9 = a0 + 9 * row;
        TVector l0 = TVector.All(0), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0, l4 = l0, r4 = l0, l5 = l0, r5 = l0, l6 = l0, r6 = l0, l7 = l0, r7 = l0, l8 = l0, r8 = l0, l9 = l0, r9 = l0, l10 = l0, r10 = l0, l11 = l0, r11 = l0;
        if (!tile.Start.IsNone)
        {
            float* start = tile.Start.Start;
            (l0, r0) = (TVector.Load(start), TVector.Load(start + TVector.Lanes));
            if (TRows.Count > 1) (l1, r1) = (TVector.Load(start + tile.Start.RowStride), TVector.Load(start + tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 2) (l2, r2) = (TVector.Load(start + 2 * tile.Start.RowStride), TVector.Load(start + 2 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 3) (l3, r3) = (TVector.Load(start + 3 * tile.Start.RowStride), TVector.Load(start + 3 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 4) (l4, r4) = (TVector.Load(start + 4 * tile.Start.RowStride), TVector.Load(start + 4 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 5) (l5, r5) = (TVector.Load(start + 5 * tile.Start.RowStride), TVector.Load(start + 5 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 6) (l6, r6) = (TVector.Load(start + 6 * tile.Start.RowStride), TVector.Load(start + 6 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 7) (l7, r7) = (TVector.Load(start + 7 * tile.Start.RowStride), TVector.Load(start + 7 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 8) (l8, r8) = (TVector.Load(start + 8 * tile.Start.RowStride), TVector.Load(start + 8 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 9) (l9, r9) = (TVector.Load(start + 9 * tile.Start.RowStride), TVector.Load(start + 9 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 10) (l10, r10) = (TVector.Load(start + 10 * tile.Start.RowStride), TVector.Load(start + 10 * tile.Start.RowStride + TVector.Lanes));
            if (TRows.Count > 11) (l11, r11) = (TVector.Load(start + 11 * tile.Start.RowStride), TVector.Load(start + 11 * tile.Start.RowStride + TVector.Lanes));
        }
        for (; b != end; b += nextB, a0 += next, a3 += next, a6 += next, a9 += next)
        {
            TVector left = TVector.Load(b), right = TVector.Load(b + TVector.Lanes), factor;
            factor = TVector.All(*a0);
            l0 = TVector.MultiplyAdd(factor, left, l0);
            r0 = TVector.MultiplyAdd(factor, right, r0);
            if (TRows.Count > 1)
            {
                factor = TVector.All(*(a0 + row));
                l1 = TVector.MultiplyAdd(factor, left, l1);
                r1 = TVector.MultiplyAdd(factor, right, r1);
            }
            if (TRows.Count > 2)
            {
                factor = TVector.All(*(a0 + 2 * row));
                l2 = TVector.MultiplyAdd(factor, left, l2);
                r2 = TVector.MultiplyAdd(factor, right, r2);
            }
            if (TRows.Count > 3)
            {
                factor = TVector.All(*a3);
                l3 = TVector.MultiplyAdd(factor, left, l3);
                r3 = TVector.MultiplyAdd(factor, right, r3);
            }
            if (TRows.Count > 4)
            {
                factor = TVector.All(*(a3 + row));
                l4 = TVector.MultiplyAdd(factor, left, l4);
                r4 = TVector.MultiplyAdd(factor, right, r4);
            }
            if (TRows.Count > 5)
            {
                factor = TVector.All(*(a3 + 2 * row));
                l5 = TVector.MultiplyAdd(factor, left, l5);
                r5 = TVector.MultiplyAdd(factor, right, r5);
            }
            if (TRows.Count > 6)
            {
                factor = TVector.All(*a6);
                l6 = TVector.MultiplyAdd(factor, left, l6);
                r6 = TVector.MultiplyAdd(factor, right, r6);
            }
            if (TRows.Count > 7)
            {
                factor = TVector.All(*(a6 + row));
                l7 = TVector.MultiplyAdd(factor, left, l7);
                r7 = TVector.MultiplyAdd(factor, right, r7);
            }
            if (TRows.Count > 8)
            {
                factor = TVector.All(*(a6 + 2 * row));
                l8 = TVector.MultiplyAdd(factor, left, l8);
                r8 = TVector.MultiplyAdd(factor, right, r8);
            }
            if (TRows.Count > 9)
            {
                factor = TVector.All(*a9);
                l9 = TVector.MultiplyAdd(factor, left, l9);
                r9 = TVector.MultiplyAdd(factor, right, r9);
            }
            if (TRows.Count > 10)
            {
                factor = TVector.All(*(a9 + row));
                l10 = TVector.MultiplyAdd(factor, left, l10);
                r10 = TVector.MultiplyAdd(factor, right, r10);
            }
            if (TRows.Count > 11)
            {
                factor = TVector.All(*(a9 + 2 * row));
                l11 = TVector.MultiplyAdd(factor, left, l11);
                r11 = TVector.MultiplyAdd(factor, right, r11);
            }
        }
        Store(tile, 0, l0, r0);
        if (TRows.Count > 1) Store(tile, 1, l1, r1);
        if (TRows.Count > 2) Store(tile, 2, l2, r2);
        if (TRows.Count > 3) Store(tile, 3, l3, r3);
        if (TRows.Count > 4) Store(tile, 4, l4, r4);
        if (TRows.Count > 5) Store(tile, 5, l5, r5);
        if (TRows.Count > 6) Store(tile, 6, l6, r6);
        if (TRows.Count > 7) Store(tile, 7, l7, r7);
        if (TRows.Count > 8) Store(tile, 8, l8, r8);
        if (TRows.Count > 9) Store(tile, 9, l9, r9);
        if (TRows.Count > 10) Store(tile, 10, l10, r10);
        if (TRows.Count > 11) Store(tile, 11, l11, r11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector>(in Operands tile, int row, TVector left, TVector right) where TVector : struct, IVector<TVector>
    {
        float* destination = tile.C.Start + row * tile.C.RowStride;
        TVector.Store(tile.Rectified ? TVector.Rectify(left) : left, destination);
        TVector.Store(tile.Rectified ? TVector.Rectify(right) : right, destination + TVector.Lanes);
    }

    /// <summary>Where a tile's operands are.</summary>
    public struct Operands
    {
        /// <summary>A.</summary>
        public MatrixOperand A;

        /// <summary>B.</summary>
        public MatrixOperand B;

        /// <summary>Where the tile is written.</summary>
        public MatrixOperand C;

        /// <summary>What the sums begin with; none for 0.</summary>
        public MatrixOperand Start;

        /// <summary>Terms of each sum.</summary>
        public int Depth;

        /// <summary>Whether a ReLU follows.</summary>
        public bool Rectified;
    }

    /// <summary>16 numbers.</summary>
    public readonly struct Vector16(Vector512<float> numbers) : IVector<Vector16>
    {
        private readonly Vector512<float> numbers = numbers;

        public static int Lanes => 16;

        public static Vector16 All(float number) => new(Vector512.Create(number));

        public static Vector16 Load(float* numbers) => new(Vector512.Load(numbers));

        public static Vector16 MultiplyAdd(Vector16 left, Vector16 right, Vector16 sum) => new(Vector512.MultiplyAddEstimate(left.numbers, right.numbers, sum.numbers));

        // A NaN must stay one: the loss is what tells of it.
        public static Vector16 Rectify(Vector16 numbers) => new(Vector512.Max(numbers.numbers, Vector512<float>.Zero));

        public static void Store(Vector16 numbers, float* destination) => numbers.numbers.Store(destination);
    }

    /// <summary>8 numbers.</summary>
    public readonly struct Vector8(Vector256<float> numbers) : IVector<Vector8>
    {
        private readonly Vector256<float> numbers = numbers;

        public static int Lanes => 8;

        public static Vector8 All(float number) => new(Vector256.Create(number));

        public static Vector8 Load(float* numbers) => new(Vector256.Load(numbers));

        public static Vector8 MultiplyAdd(Vector8 left, Vector8 right, Vector8 sum) => new(Vector256.MultiplyAddEstimate(left.numbers, right.numbers, sum.numbers));

        public static Vector8 Rectify(Vector8 numbers) => new(Vector256.Max(numbers.numbers, Vector256<float>.Zero));

        public static void Store(Vector8 numbers, float* destination) => numbers.numbers.Store(destination);
    }

    public readonly struct Rows1 : IRows
    {
        public static int Count => 1;
    }

    public readonly struct Rows2 : IRows
    {
        public static int Count => 2;
    }

    public readonly struct Rows3 : IRows
    {
        public static int Count => 3;
    }

    public readonly struct Rows4 : IRows
    {
        public static int Count => 4;
    }

    public readonly struct Rows5 : IRows
    {
        public static int Count => 5;
    }

    public readonly struct Rows6 : IRows
    {
        public static int Count => 6;
    }

    public readonly struct Rows7 : IRows
    {
        public static int Count => 7;
    }

    public readonly struct Rows8 : IRows
    {
        public static int Count => 8;
    }

    public readonly struct Rows9 : IRows
    {
        public static int Count => 9;
    }

    public readonly struct Rows10 : IRows
    {
        public static int Count => 10;
    }

    public readonly struct Rows11 : IRows
    {
        public static int Count => 11;
    }

    public readonly struct Rows12 : IRows
    {
        public static int Count => 12;
    }
}
