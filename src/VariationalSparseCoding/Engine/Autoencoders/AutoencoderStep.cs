using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// One step of an autoencoder in closed form and float32 (docs/mathematics.md section 13): the encoder's values of all features are one matrix product, and from there on only entries that
/// count are computed with. It minimises ||x - A z - c||^2, a sum over values and a mean over samples, with the gate's penalty and the auxiliary loss of silent features.
/// </summary>
/// <remarks>Each thread works on its own rows, columns or features. No sum is divided between threads, so that the result has the same bits at any number of them.</remarks>
internal sealed class AutoencoderStep : IDisposable
{
    /// <summary>A feature counts as dead after so many samples without it, times d / k: had it been active a hundredth as often as others, it would have been three times.</summary>
    public const int SilentSamples = 300;

    // Every so many rows teach the dead features, in turn, and so many times k of them.
    private const int RevivalRows = 4, RevivedShare = 2;

    // Penalties reach their weight within the first fifth of the run.
    private const double PenaltyWarmUp = 0.2;

    private const int AtomNumber = 0, EncoderNumber = 1, BiasNumber = 2, OwnNumber = 3;

    private readonly AutoencoderParameters parameters;
    private readonly Gate gate;
    private readonly ThreadTeam team;
    private readonly FeatureAdam adam;
    private readonly FloatMatrix centred, inputs, residuals, offsetGradient, offsetMean, offsetSquare, encoderShares;
    private readonly SparseEntries entries, revived;
    private readonly FeatureGradients features;
    private readonly EntryList[] lists, revivalLists;
    private readonly float[][] atomGradients, encoderGradients, silentInputs;
    private readonly int[] counts, taughtCounts, dead, groupEnds;
    private readonly double[] energies, errors, losses, revivalLosses;
    private readonly bool learnsAtoms, isCentred;
    private readonly float auxiliaryWeight;
    private readonly int batchSize, dimension, atoms, active, silentSteps, groups;
    private int deadCount, firstTaught;

    /// <summary>Creates the buffers, with the optimiser at rest, and the threads: as many as the experiment says, or else one for each core.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="parameters">What is trained; the step keeps no copy.</param>
    /// <param name="isCentred">Whether the samples' mean is 0; if not, the code 0 begins with the first batch's.</param>
    public AutoencoderStep(Experiment experiment, AutoencoderParameters parameters, bool isCentred)
    {
        (this.parameters, this.isCentred) = (parameters, isCentred);
        (batchSize, dimension, atoms) = (experiment.Schedule.BatchSize, parameters.Atoms.Columns, parameters.Atoms.Rows);
        active = experiment.Sparsity.ActiveOf(dimension, atoms);
        gate = Gate.Create(parameters, experiment);
        groupEnds = [.. gate.GroupEnds, atoms];
        groups = groupEnds.Length;
        (learnsAtoms, auxiliaryWeight) = (experiment.Schedule.DictionaryStep > 0, (float)experiment.Sparsity.AuxiliaryWeight);
        silentSteps = (int)Math.Min(int.MaxValue, Math.Ceiling((double)SilentSamples * atoms / active / batchSize));
        int wanted = experiment.Compute.Threads, taught = (batchSize + RevivalRows - 1) / RevivalRows;
        adam = new([parameters.Atoms, parameters.Encoder, parameters.Bias, .. gate.Learned], atoms, experiment.Schedule.Adam);
        (centred, inputs, residuals) = (new(batchSize, dimension), new(batchSize, atoms, padded: true), new(checked(batchSize * groups + taught), dimension));
        (offsetGradient, offsetMean, offsetSquare, Silence) = (new(1, dimension), new(1, dimension), new(1, dimension), new(1, atoms));
        encoderShares = new(FeatureGradients.Groups, dimension);
        (entries, revived, features) = (new(batchSize), new(taught), new(atoms));
        (counts, taughtCounts, dead) = (new int[batchSize], new int[taught], new int[atoms]);
        (energies, errors, losses, revivalLosses) = (new double[batchSize], new double[batchSize], new double[batchSize], new double[taught]);
        team = new(Math.Min(wanted > 0 ? wanted : Environment.ProcessorCount, batchSize));
        (lists, revivalLists) = (Lists(), Lists());
        (atomGradients, encoderGradients, silentInputs) = (Buffers(dimension), Buffers(dimension), Buffers(atoms));

        EntryList[] Lists() => [.. Enumerable.Range(0, team.Size).Select(_ => new EntryList())];

        float[][] Buffers(int length) => [.. Enumerable.Range(0, team.Size).Select(_ => new float[length])];
    }

    /// <summary>Steps since a feature was active, [1, d].</summary>
    public FloatMatrix Silence { get; }

    /// <summary>All that decides how training continues beside the parameters, by name: Adam's means, the features' silence, and what the gate remembers.</summary>
    public IEnumerable<(string Name, FloatMatrix Value)> State
    {
        get
        {
            string[] names = ["dictionary", .. new[] { parameters.Encoder, parameters.Bias }.Concat(gate.Learned).Select(NameOf)];
            for (int i = 0; i < names.Length; i++)
            {
                yield return ("momentum." + names[i], adam.Means[i]);
                yield return ("momentum_square." + names[i], adam.Squares[i]);
            }
            yield return ("momentum.offset", offsetMean);
            yield return ("momentum_square.offset", offsetSquare);
            yield return ("momentum.age", adam.Age);
            yield return ("momentum.drift", adam.Drift);
            yield return ("silence", Silence);
            foreach (var (name, value) in gate.State) yield return ("gate." + name, value);
        }
    }

    /// <summary>Makes a step.</summary>
    /// <param name="x">The batch, [B, D].</param>
    /// <param name="step">The step, from 0; the first one sets what begins with the data.</param>
    /// <param name="learningRate">Adam's learning rate.</param>
    /// <param name="progress">The share of the run that is done after the step, in (0, 1]: penalties and noise follow it.</param>
    /// <returns>The terms of the loss before the step.</returns>
    public unsafe AutoencoderTerms Apply(ReadOnlySpan<float> x, long step, double learningRate, double progress)
    {
        if (x.Length != batchSize * dimension) throw new ArgumentException($"The batch has {x.Length} values where the step was made for [{batchSize}, {dimension}].", nameof(x));
        if (step == 0 && !isCentred) SetOffset(x);
        fixed (float* start = x)
        {
            var samples = new MatrixOperand(start, dimension);
            team.Run(part => Centre(samples, part));
        }
        gate.Begin(step, progress);
        var facts = new BatchFacts(batchSize, energies.Sum() / batchSize, Math.Min(1, progress / PenaltyWarmUp));
        if (step == 0) Begin(facts);
        team.Run(Encode);
        Select(facts);
        team.Run(Reconstruct);
        gate.PullbackOfBatch(entries);
        firstTaught = (int)(step % RevivalRows);
        Revive();
        Arrange();
        var terms = Terms();
        adam.Begin(step, learningRate);
        encoderShares.All.Clear();
        team.Run(Learn);
        team.Run(DifferentiateOffset);
        AdamStep.Apply(parameters.Offset.All, offsetGradient.All, offsetMean.All, offsetSquare.All, adam.DenseFactors);
        adam.End(features.Counts);
        gate.End(step);
        return terms;
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => team.Dispose();

    private string NameOf(FloatMatrix parameter) => parameters.All.First(named => ReferenceEquals(named.Value, parameter)).Name;

    private void SetOffset(ReadOnlySpan<float> x)
    {
        double[] sums = new double[dimension];
        for (int i = 0; i < x.Length; i++) sums[i % dimension] += x[i];
        for (int i = 0; i < dimension; i++) parameters.Offset.All[i] = (float)(sums[i] / batchSize);
    }

    /// <summary>
    /// Sets what begins with the data: the gate's thresholds, and the encoder's size, so that the first batch's codes stand for no more than the samples. Where atoms outnumber dimensions by
    /// far, a sample has many active features in nearly the same direction, and their sum would be many times as large as it is.
    /// </summary>
    private void Begin(in BatchFacts facts)
    {
        InitialiseGate();
        Select(facts);
        float scale = BestScale();
        if (scale >= 1) return;
        RowKernels.Scale(parameters.Encoder.All, scale);
        parameters.Bias.All.Clear();
        InitialiseGate();
    }

    private void InitialiseGate()
    {
        team.Run(Encode);
        if (gate.Initialise(inputs)) team.Run(Encode);
    }

    /// <summary>Returns what the active features' values have to be multiplied by so that they reconstruct the batch as well as multiples of them can; 1 where that is not defined.</summary>
    private float BestScale()
    {
        double agreement = 0, power = 0;
        var sum = atomGradients[0].AsSpan();
        for (int row = 0; row < batchSize; row++)
        {
            int first = entries.Start(row), end = entries.Start(row + 1);
            gate.Activate(entries, row);
            // A bias that has been set by then only says which are active.
            for (int i = first; i < end; i++) entries.Codes[i] = entries.Codes[i] != 0 ? entries.Inputs[i] - parameters.Bias.All[entries.Features[i]] : 0;
            sum.Clear();
            SparseRows.Add(sum, entries.Features[first..end], entries.Codes[first..end], 1, parameters.Atoms.All, sum);
            agreement += RowKernels.Dot(centred[row], sum);
            power += RowKernels.SumOfSquares(sum);
        }
        return agreement > 0 && power > 0 ? (float)(agreement / power) : 1;
    }

    /// <summary>Finds the entries that count.</summary>
    private void Select(in BatchFacts facts)
    {
        do
        {
            team.Run(Collect);
            entries.Take(lists, counts);
            if (gate.IsNoisy) team.Run(Draw);
        }
        while (!gate.Restrict(entries, facts));
    }

    /// <summary>x - c of a part of the rows.</summary>
    private void Centre(MatrixOperand x, int part)
    {
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++)
        {
            var target = centred[row];
            x.Row(row, dimension).CopyTo(target);
            RowKernels.ScaleAndAdd(target, 1, parameters.Offset.All, -1);
            energies[row] = RowKernels.SumOfSquares(target);
        }
    }

    /// <summary>h of a part of the features.</summary>
    private void Encode(int part)
    {
        var (first, end) = team.PanelBounds(atoms, part);
        if (end == first) return;
        MatrixProduct.Multiply(
            centred.Operand, parameters.Encoder.Operand.From(first).Transposed, inputs.Operand.From(0, first), batchSize, end - first, dimension, parameters.Bias.Operand.Repeated.From(0, first));
    }

    /// <summary>The entries that count of a part of the rows.</summary>
    private void Collect(int part)
    {
        var list = lists[part];
        list.Clear();
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++)
        {
            int before = list.Count;
            gate.Collect(inputs[row], list);
            counts[row] = list.Count - before;
        }
    }

    /// <summary>
    /// Codes, residuals and gradients of the entries of a part of the rows. A row has a line of residuals for each group of features; in the end a line is the mean over groups of what
    /// its features have a part in.
    /// </summary>
    private void Reconstruct(int part)
    {
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++)
        {
            int first = entries.Start(row), end = entries.Start(row + 1);
            if (gate.Draws > 1) Choose(part, row);
            gate.Activate(entries, row);
            ReadOnlySpan<float> above = centred[row];
            double loss = 0;
            for (int group = 0, begin = first; group < groups; group++)
            {
                int until = EndOf(group, begin, end);
                var residual = residuals[row * groups + group];
                SparseRows.Add(above, entries.Features[begin..until], entries.Codes[begin..until], -1, parameters.Atoms.All, residual);
                errors[row] = RowKernels.SumOfSquares(residual);
                loss += errors[row] / groups;
                above = residual;
                begin = until;
            }
            if (groups > 1) Accumulate(row);
            for (int group = 0, begin = first; group < groups; group++)
            {
                int until = EndOf(group, begin, end);
                SparseRows.Dot(residuals[row * groups + group], entries.Features[begin..until], -2f / batchSize, parameters.Atoms.All, entries.Gradients[begin..until]);
                begin = until;
            }
            losses[row] = loss + (gate.HasOwnPath ? DifferentiateOwnPath(part, row) : 0);
            gate.Pullback(entries, row);
        }
    }

    /// <summary>The first draw of a part of the rows, on which thresholds of a batch rest.</summary>
    private void Draw(int part)
    {
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++) gate.Draw(entries, row, 0, silentInputs[part]);
    }

    /// <summary>Leaves the entries of a row with the one of their draws that reconstructs the sample best, the first one of equals.</summary>
    private void Choose(int part, int row)
    {
        int first = entries.Start(row), end = entries.Start(row + 1), best = 0, draws = gate.Draws;
        var residual = residuals[row * groups];
        float least = float.PositiveInfinity;
        for (int draw = 0; draw < draws; draw++)
        {
            if (draw > 0) gate.Draw(entries, row, draw, silentInputs[part]);
            gate.Activate(entries, row);
            SparseRows.Add(centred[row], entries.Features[first..end], entries.Codes[first..end], -1, parameters.Atoms.All, residual);
            float error = RowKernels.SumOfSquares(residual);
            if (error < least) (least, best) = (error, draw);
        }
        if (best < draws - 1) gate.Draw(entries, row, best, silentInputs[part]);
    }

    /// <summary>The end of a group's entries within a row.</summary>
    private int EndOf(int group, int begin, int end)
    {
        if (group == groups - 1) return end;
        int until = begin;
        while (until < end && entries.Features[until] < groupEnds[group]) until++;
        return until;
    }

    /// <summary>Adds up a row's residuals from the last group to the first, each with its share of the loss.</summary>
    private void Accumulate(int row)
    {
        float share = 1f / groups;
        RowKernels.Scale(residuals[row * groups + groups - 1], share);
        for (int line = row * groups + groups - 2; line >= row * groups; line--) RowKernels.ScaleAndAdd(residuals[line], share, residuals[line + 1], 1);
    }

    private double DifferentiateOwnPath(int part, int row)
    {
        int first = entries.Start(row), end = entries.Start(row + 1);
        var residual = atomGradients[part].AsSpan();
        SparseRows.Add(centred[row], entries.Features[first..end], entries.Inputs[first..end], -1, parameters.Atoms.All, residual);
        SparseRows.Dot(residual, entries.Features[first..end], -2f / batchSize, parameters.Atoms.All, entries.SecondOwn[first..end]);
        return RowKernels.SumOfSquares(residual);
    }

    /// <summary>Lets dead features reconstruct what the others leave of some rows: the largest of their values without their biases, which may be what keeps them silent.</summary>
    private void Revive()
    {
        deadCount = 0;
        for (int feature = 0; feature < atoms; feature++)
            if (Silence.All[feature] >= silentSteps) dead[deadCount++] = feature;
        Array.Clear(taughtCounts);
        Array.Clear(revivalLosses);
        foreach (var list in revivalLists) list.Clear();
        bool revives = deadCount > 0 && auxiliaryWeight > 0;
        if (revives) team.Run(CollectDead);
        revived.Take(revivalLists, taughtCounts);
        foreach (ref int feature in revived.Features) feature = dead[feature];
        if (revives) team.Run(ReconstructDead);
    }

    private int Taught => (batchSize - firstTaught + RevivalRows - 1) / RevivalRows;

    private void CollectDead(int part)
    {
        var list = revivalLists[part];
        var values = silentInputs[part].AsSpan(0, deadCount);
        for (int number = team.Bound(Taught, part); number < team.Bound(Taught, part + 1); number++)
        {
            var row = inputs[firstTaught + number * RevivalRows];
            for (int i = 0; i < deadCount; i++) values[i] = row[dead[i]] - parameters.Bias.All[dead[i]];
            int before = list.Count;
            list.AddLargest(values, RevivedShare * active);
            taughtCounts[number] = list.Count - before;
        }
    }

    private void ReconstructDead(int part)
    {
        for (int number = team.Bound(Taught, part); number < team.Bound(Taught, part + 1); number++)
        {
            int first = revived.Start(number), end = revived.Start(number + 1), row = firstTaught + number * RevivalRows;
            var residual = residuals[batchSize * groups + number];
            residuals[row * groups + groups - 1].CopyTo(residual);
            RowKernels.Scale(residual, groups);
            revived.Inputs[first..end].CopyTo(revived.Codes[first..end]);
            SparseRows.Add(residual, revived.Features[first..end], revived.Codes[first..end], -1, parameters.Atoms.All, residual);
            revivalLosses[number] = auxiliaryWeight * RowKernels.SumOfSquares(residual);
            RowKernels.Scale(residual, auxiliaryWeight);
            SparseRows.Dot(residual, revived.Features[first..end], -2f / batchSize, parameters.Atoms.All, revived.Gradients[first..end]);
        }
    }

    /// <summary>Arranges the entries by features, and counts who was silent.</summary>
    private void Arrange()
    {
        features.Clear();
        features.Count(entries);
        features.Count(revived);
        features.Arrange();
        var silence = Silence.All;
        foreach (ref float steps in silence) steps++;
        bool hasOwn = gate.Learned.Count > 0;
        for (int row = 0; row < batchSize; row++)
        {
            for (int i = entries.Start(row), group = 0; i < entries.Start(row + 1); i++)
            {
                int feature = entries.Features[i];
                while (feature >= groupEnds[group]) group++;
                features.Add(feature, row * groups + group, entries.Codes[i], row, entries.Gradients[i], hasOwn ? (entries.FirstOwn[i], entries.SecondOwn[i]) : default);
                if (entries.Codes[i] != 0) silence[feature] = 0;
            }
        }
        for (int number = 0; revived.Count > 0 && number < Taught; number++)
        {
            for (int i = revived.Start(number); i < revived.Start(number + 1); i++)
            {
                float gradient = revived.Gradients[i];
                features.Add(revived.Features[i], batchSize * groups + number, revived.Codes[i], firstTaught + number * RevivalRows, gradient, (gate.Revival * gradient, 0));
            }
        }
    }

    /// <summary>dL/dc of a part of the values: by what is reconstructed, and by what the encoder sees.</summary>
    private void DifferentiateOffset(int part)
    {
        int first = team.Bound(dimension, part), count = team.Bound(dimension, part + 1) - first;
        var gradient = offsetGradient.All.Slice(first, count);
        gradient.Clear();
        for (int row = 0; row < batchSize; row++) RowKernels.ScaleAndAdd(gradient, 1, residuals[row * groups].Slice(first, count), -2f / batchSize);
        for (int group = 0; group < FeatureGradients.Groups; group++) RowKernels.ScaleAndAdd(gradient, 1, encoderShares[group].Slice(first, count), 1);
    }

    /// <summary>Adam's step of a part of the features, from their own entries.</summary>
    private void Learn(int part)
    {
        Span<float> byAtom = atomGradients[part], byEncoder = encoderGradients[part];
        foreach (int feature in features.Part(part, team.Size))
        {
            var own = features.Of(feature);
            var factors = adam.Factors(feature);
            if (learnsAtoms)
            {
                byAtom.Clear();
                SparseRows.Add(byAtom, own.Lines, own.Codes, -2f / batchSize, residuals.All, byAtom);
                adam.Move(AtomNumber, feature, byAtom, factors);
                var atom = parameters.Atoms[feature];
                float norm = MathF.Sqrt(RowKernels.SumOfSquares(atom));
                if (norm > 0) RowKernels.Scale(atom, 1 / norm);
            }
            RowKernels.ScaleAndAdd(encoderShares[features.GroupOf(feature)], 1, parameters.Encoder[feature], -features.BiasGradients[feature]);
            byEncoder.Clear();
            SparseRows.Add(byEncoder, own.Rows, own.Gradients, 1, centred.All, byEncoder);
            adam.Move(EncoderNumber, feature, byEncoder, factors);
            adam.Move(BiasNumber, feature, features.BiasGradients[feature], factors);
            for (int i = 0; i < gate.Learned.Count; i++) adam.Move(OwnNumber + i, feature, own.Own(second: i == 1), factors);
        }
    }

    private AutoencoderTerms Terms()
    {
        float[] sums = new float[dimension];
        RowKernels.SumRows(centred.All, 0, sums, dimension);
        double variance = energies.Sum(), error = errors.Sum(), codes = entries.Count - entries.Codes.Count(0f);
        foreach (float sum in sums) variance -= (double)sum * sum / batchSize;
        double loss = (losses.Sum() + revivalLosses.Sum()) / batchSize + gate.Penalty(entries);
        return new(loss / dimension, error / batchSize / dimension, variance > 0 ? 1 - error / variance : 0, codes / batchSize, deadCount);
    }
}
