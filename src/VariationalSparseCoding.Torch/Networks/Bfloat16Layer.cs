using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>A linear layer of <see cref="Bfloat16Encoder"/>, or several with the same inputs, whose outputs stand side by side.</summary>
internal sealed class Bfloat16Layer : IDisposable
{
    private readonly ThreadTeam team;
    private readonly Member[] members;
    private readonly Tensor weight, weightTransposed;
    private readonly Bfloat16Rows outputGradients;
    private readonly int batchSize, width;

    /// <summary>Creates the buffers.</summary>
    /// <param name="layers">The layers, of one size.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="team">Who will do the parts.</param>
    public Bfloat16Layer(IReadOnlyList<DenseLayer> layers, int batchSize, ThreadTeam team)
    {
        (this.batchSize, this.team) = (batchSize, team);
        long inputs = layers[0].Inputs;
        width = layers[0].Outputs;
        weight = zeros([layers.Count * width, inputs], ScalarType.BFloat16).DetachFromDisposeScope();
        weightTransposed = weight.t().DetachFromDisposeScope();
        Outputs = new(batchSize, layers.Count * width, team);
        outputGradients = new(batchSize, layers.Count * width, team);
        members = [.. layers.Select((layer, i) => new Member(layer, outputGradients.Whole.narrow(1, i * width, width), team))];
    }

    /// <summary>y, [B, outputs].</summary>
    public Bfloat16Rows Outputs { get; }

    /// <summary>The gradients of weight and bias of each layer, float32.</summary>
    public IEnumerable<FloatMatrix> Gradients => members.SelectMany(member => new[] { member.WeightGradient, member.BiasGradient });

    /// <summary>Rounds a part of the weights as they are now.</summary>
    /// <param name="part">The part.</param>
    public void RoundWeights(int part)
    {
        int first = team.Bound(width, part), count = team.Bound(width, part + 1) - first, inputs = (int)weight.shape[1];
        for (int i = 0; i < members.Length; i++)
            Bfloat16.Round(members[i].Weight.All.Slice(first * inputs, count * inputs), weight.Span<ushort>().Slice((i * width + first) * inputs, count * inputs));
    }

    /// <summary>x W^T of a part of the rows, without the bias.</summary>
    /// <param name="part">The part.</param>
    /// <param name="features">x, [B, inputs].</param>
    public void Multiply(int part, Bfloat16Rows features) => Outputs.Parts[part].addmm_(features.Parts[part], weightTransposed, beta: 0);

    /// <summary>Adds the bias to a row, and takes its ReLU.</summary>
    /// <param name="row">The row.</param>
    public void AddBiasAndRectify(int row) => Bfloat16.AddBiasAndRectify(Outputs[row], members[0].Bias.All);

    /// <summary>A row of a layer's outputs, with the bias.</summary>
    /// <param name="row">The row.</param>
    /// <param name="layer">Which of the layers.</param>
    /// <param name="outputs">Receives y, [outputs].</param>
    public void AddBias(int row, int layer, Span<float> outputs) => Bfloat16.AddBias(Outputs[row].Slice(layer * width, width), members[layer].Bias.All, outputs);

    /// <summary>Sets a row of the gradient by a layer's outputs.</summary>
    /// <param name="row">The row.</param>
    /// <param name="layer">Which of the layers.</param>
    /// <param name="gradients">dL/dy, [outputs].</param>
    public void SetGradient(int row, int layer, ReadOnlySpan<float> gradients) => Bfloat16.Round(gradients, outputGradients[row].Slice(layer * width, width));

    /// <summary>A part of the rows of the gradients by the outputs of the layer before, and before its ReLU.</summary>
    /// <param name="part">The part.</param>
    /// <param name="before">The layer before.</param>
    public void InputGradients(int part, Bfloat16Layer before)
    {
        before.outputGradients.Parts[part].addmm_(outputGradients.Parts[part], weight, beta: 0);
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++) Bfloat16.MaskByRelu(before.outputGradients[row], before.Outputs[row]);
    }

    /// <summary>A part of the rows of the gradients by weights and biases.</summary>
    /// <param name="part">The part.</param>
    /// <param name="features">x, [B, inputs].</param>
    public void ParameterGradients(int part, Bfloat16Rows features)
    {
        int first = team.Bound(width, part), count = team.Bound(width, part + 1) - first, inputs = (int)weight.shape[1];
        if (count == 0) return;
        for (int i = 0; i < members.Length; i++)
        {
            var member = members[i];
            member.RoundedGradient.Parts[part].addmm_(member.OutputGradientColumns[part], features.Whole, beta: 0);
            Bfloat16.Widen(member.RoundedGradient.Parts[part].Span<ushort>(), member.WeightGradient.All.Slice(first * inputs, count * inputs));
            var sums = member.BiasGradient.All.Slice(first, count);
            sums.Clear();
            for (int row = 0; row < batchSize; row++) Bfloat16.Accumulate(outputGradients[row].Slice(i * width + first, count), sums);
        }
    }

    public void Dispose()
    {
        foreach (var member in members) member.Dispose();
        weightTransposed.Dispose();
        weight.Dispose();
        Outputs.Dispose();
        outputGradients.Dispose();
    }

    /// <summary>What belongs to one of the layers.</summary>
    private sealed class Member : IDisposable
    {
        private readonly Tensor columns;

        public Member(DenseLayer layer, Tensor outputGradients, ThreadTeam team)
        {
            columns = outputGradients.DetachFromDisposeScope();
            (Weight, Bias) = (layer.Weight, layer.Bias);
            int outputs = layer.Outputs;
            (WeightGradient, BiasGradient) = (new(outputs, layer.Inputs), new(1, outputs));
            RoundedGradient = new(outputs, layer.Inputs, team);
            OutputGradientColumns = [.. Enumerable.Range(0, team.Size).Select(part =>
                columns.narrow(1, team.Bound(outputs, part), team.Bound(outputs, part + 1) - team.Bound(outputs, part)).t().DetachFromDisposeScope())];
        }

        public FloatMatrix Weight { get; }

        public FloatMatrix Bias { get; }

        public FloatMatrix WeightGradient { get; }

        public FloatMatrix BiasGradient { get; }

        public Bfloat16Rows RoundedGradient { get; }

        /// <summary>(dL/dy)^T, [outputs of the part, B].</summary>
        public Tensor[] OutputGradientColumns { get; }

        public void Dispose()
        {
            foreach (var tensor in OutputGradientColumns.Append(columns)) tensor.Dispose();
            RoundedGradient.Dispose();
        }
    }
}

/// <summary>A bfloat16 matrix, and views of the rows of each thread's part.</summary>
internal sealed class Bfloat16Rows : IDisposable
{
    private readonly int columns;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="team">Who will do the parts.</param>
    public Bfloat16Rows(int rows, long columns, ThreadTeam team)
    {
        this.columns = (int)columns;
        Whole = zeros([rows, columns], ScalarType.BFloat16).DetachFromDisposeScope();
        Parts = [.. Enumerable.Range(0, team.Size).Select(part =>
            Whole.narrow(0, team.Bound(rows, part), team.Bound(rows, part + 1) - team.Bound(rows, part)).DetachFromDisposeScope())];
    }

    /// <summary>The matrix.</summary>
    public Tensor Whole { get; }

    /// <summary>The rows of each part.</summary>
    public Tensor[] Parts { get; }

    /// <summary>A row.</summary>
    /// <param name="row">Its number.</param>
    public Span<ushort> this[int row] => Whole.Span<ushort>().Slice(row * columns, columns);

    public void Dispose()
    {
        foreach (var part in Parts) part.Dispose();
        Whole.Dispose();
    }
}
