using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Synthetic;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests;

public class SparseCoderTests
{
    private const int D = 16, Atoms = 12;

    private static readonly SyntheticData Set = SyntheticData.Generate(new() { Samples = 600, Dimension = D, Atoms = Atoms, Support = 2 }, 3);

    private static SparseCoderOptions Options(string method = "thresholded-laplacian") => new() { Method = method, Atoms = Atoms, Draws = 4, Epochs = 4, BatchSize = 50, Seed = 7, Threads = 1 };

    private static SparseCoder Fitted(SparseCoderOptions? options = null)
    {
        var coder = new SparseCoder(options ?? Options());
        coder.Fit(Set.Samples, D);
        return coder;
    }

    private static float[] Rows(int first, int count) => Set.Samples.AsSpan(first * D, count * D).ToArray();

    [Fact]
    public void Equal_seeds_and_samples_give_equal_coders_whichever_overload_is_used()
    {
        using SparseCoder first = Fitted(), second = new(Options());
        second.Fit(Matrices.From(Set.Samples, D));
        Assert.Equal((D, Atoms), (first.Dimension, first.Atoms));
        Assert.Equal(first.Dictionary.Cast<float>(), second.Dictionary.Cast<float>());
        Assert.Equal(first.Encode(Set.Samples), second.Encode(Matrices.From(Set.Samples, D)).Cast<float>());
    }

    [Fact]
    public void Drawn_codes_are_repeatable_and_exactly_sparse_and_blocks_get_the_codes_of_the_whole()
    {
        // So short a training keeps draws sparse where the KL counts.
        using var coder = Fitted(Options() with { KlWeight = 0.16 });
        EncodeOptions drawn = new() { Kind = CodeKind.AsTrained };
        float[] codes = coder.Encode(Set.Samples, drawn);
        Assert.Equal(codes, coder.Encode(Set.Samples, drawn));
        Assert.InRange(codes.Count(code => code == 0) / (double)codes.Length, 0.5, 0.999);
        Assert.Equal(codes[(200 * Atoms)..(300 * Atoms)], coder.Encode(Rows(200, 100), drawn with { FirstRow = 200 }));
        Assert.NotEqual(codes, coder.Encode(Set.Samples, drawn with { Seed = 99 }));
    }

    [Fact]
    public void Draws_and_seeds_of_codes_that_draw_nothing_are_refused()
    {
        using var coder = Fitted();
        Assert.Contains("draws", Assert.Throws<InvalidInputException>(() => coder.Encode(Set.Samples, new() { Draws = 3 })).Message, StringComparison.Ordinal);
        Assert.Contains("seed", Assert.Throws<InvalidInputException>(() => coder.Encode(Set.Samples, new() { Kind = CodeKind.Mean, Seed = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Means_are_dense_modes_sparse_and_neither_needs_noise()
    {
        using var coder = Fitted();
        foreach (var kind in new[] { CodeKind.Mean, CodeKind.Mode })
            Assert.Equal(coder.Encode(Rows(7, 1), new() { Kind = kind }), coder.Encode(Rows(7, 1), new() { Kind = kind, FirstRow = 5 }));
        Assert.DoesNotContain(0f, coder.Encode(Set.Samples, new() { Kind = CodeKind.Mean }));
    }

    [Fact]
    public void Refinement_lowers_the_objective_step_by_step_down_to_the_optimum()
    {
        using var coder = Fitted(Options() with { Lambda = 0.3 });
        double[] objectives = [.. new[] { 0, 2, 50, EncodeOptions.UntilConverged }.Select(steps => Objective(coder, new() { Kind = CodeKind.AsTrained, Refine = steps }))];
        Assert.True(objectives[0] > objectives[1] && objectives[1] > objectives[2], string.Join(", ", objectives));
        double optimum = Objective(coder, new() { Kind = CodeKind.ConvergedFista });
        Assert.Equal(optimum, objectives[3], 1e-4 * optimum);
    }

    private static double Objective(SparseCoder coder, EncodeOptions options)
    {
        float[,] dictionary = coder.Dictionary;
        float[] standardised = Standardised(coder), codes = coder.Encode(Set.Samples, options);
        return VariationalSparseCoding.Metrics.SparseCodingObjective.Compute<float>(standardised, D, Matrices.Values(dictionary), codes, Atoms, coder.Experiment.Objective.Lambda).Value;
    }

    // Decoding zeros gives the mean.
    private static float[] Standardised(SparseCoder coder)
    {
        float[] mean = coder.Decode(new float[Atoms]), samples = (float[])Set.Samples.Clone();
        double[] deviation = [.. Enumerable.Range(0, D).Select(column => Math.Sqrt(Enumerable.Range(0, 600).Average(row => Math.Pow(samples[row * D + column] - mean[column], 2))))];
        for (int i = 0; i < samples.Length; i++) samples[i] = (float)((samples[i] - mean[i % D]) / deviation[i % D]);
        return samples;
    }

    [Fact]
    public void Decoding_is_the_dictionary_times_the_codes_with_the_standardisation_undone()
    {
        using var coder = Fitted();
        float[] codes = coder.Encode(Set.Samples), decoded = coder.Decode(codes);
        float[,] dictionary = coder.Dictionary;
        for (int row = 0; row < 50; row++)
        {
            for (int column = 0; column < D; column++)
            {
                double[] values = [.. Enumerable.Range(0, 600).Select(sample => (double)Set.Samples[sample * D + column])];
                double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
                double standardised = Enumerable.Range(0, Atoms).Sum(atom => (double)dictionary[column, atom] * codes[row * Atoms + atom]);
                Assert.Equal(mean + deviation * standardised, decoded[row * D + column], 1e-4);
            }
        }
        Assert.Equal(decoded, coder.Decode(Matrices.From(codes, Atoms)).Cast<float>());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_is_fitted_saved_loaded_continued_and_used(string method)
    {
        using var scratch = new ScratchFolder();
        using var coder = Fitted(Options(method) with { Epochs = 2 });
        coder.Save(scratch.File("model.safetensors"));
        using var loaded = SparseCoder.Load(scratch.File("model.safetensors"));
        float[] codes = coder.Encode(Set.Samples);
        Assert.All(codes, code => Assert.True(float.IsFinite(code)));
        Assert.Equal(codes, loaded.Encode(Set.Samples));
        Assert.Equal(coder.Decode(codes), loaded.Decode(codes));
        coder.PartialFit(Set.Samples, D);
        loaded.PartialFit(Set.Samples, D);
        Assert.Equal(coder.Dictionary.Cast<float>(), loaded.Dictionary.Cast<float>());
        Assert.Equal(coder.Encode(Set.Samples), loaded.Encode(Set.Samples));
        Assert.NotEqual(codes, coder.Encode(Set.Samples));
        loaded.Save(scratch.File("model.safetensors"));
        using var again = SparseCoder.Load(scratch.File("model.safetensors"));
        Assert.Equal(loaded.Dictionary.Cast<float>(), again.Dictionary.Cast<float>());
    }

    public static TheoryData<string> Methods => [.. MethodTable.All.Select(method => method.Name)];

    [Fact]
    public void A_loaded_coder_fits_as_the_first_one_did()
    {
        using var scratch = new ScratchFolder();
        using var coder = Fitted(Options() with { KlWeight = 0.02, Configure = e => e with { Posterior = e.Posterior with { PriorSpread = 0.2 } } });
        coder.Save(scratch.File("model.safetensors"));
        using var loaded = SparseCoder.Load(scratch.File("model.safetensors"));
        loaded.Fit(Set.Samples, D);
        Assert.Equal(coder.Experiment, loaded.Experiment);
        Assert.Equal(coder.Dictionary.Cast<float>(), loaded.Dictionary.Cast<float>());
    }

    [Fact]
    public void A_run_and_its_checkpoints_are_loaded()
    {
        using var scratch = new ScratchFolder();
        Npy.Write<float>(scratch.File("samples.npy"), Set.Samples, D);
        var experiment = TrainingRun.Resolve(MethodTable.Default.Defaults() with
        {
            Data = new() { Source = scratch.File("samples.npy"), TrainSamples = 200, ValidationSamples = 50 },
            Generator = new() { Atoms = Atoms },
            Schedule = new() { Epochs = 1 },
            Compute = new() { Threads = 1 },
        });
        using (var folder = RunFolder.Create(scratch.File("run"), experiment))
        {
            Assert.Contains("no checkpoint", Assert.Throws<InvalidInputException>(() => SparseCoder.Load(folder.Root)).Message);
            TrainingRun.Train(folder, []);
            using SparseCoder run = SparseCoder.Load(folder.Root), checkpoint = SparseCoder.Load(folder.NewestCheckpoint!);
            Assert.Equal(run.Encode(Set.Samples), checkpoint.Encode(Set.Samples));
            Assert.Equal(experiment.Data.TrainSamples, run.Experiment.Data.TrainSamples);
        }
    }

    [Fact]
    public void A_given_dictionary_stays_and_the_encoder_learns_to_use_it()
    {
        float[,] truth = Matrices.From(Set.Dictionary, Atoms);
        using SparseCoder brief = Fitted(Options() with { Dictionary = truth, Epochs = 1 }), longer = Fitted(Options() with { Dictionary = truth, Epochs = 20 });
        Assert.Equal(truth.Cast<float>(), longer.Dictionary.Cast<float>());
        // The encoder's code: the default one is the dictionary's alone.
        Assert.True(Error(longer, CodeKind.Mean) < Error(brief, CodeKind.Mean), $"{Error(longer, CodeKind.Mean)} after 20 epochs, {Error(brief, CodeKind.Mean)} after one");
        using var map = Fitted(Options("fista") with { Dictionary = truth, Lambda = 0.05 });
        Assert.InRange(Error(map, CodeKind.ConvergedFista), 0, 0.05);

        static double Error(SparseCoder coder, CodeKind kind) => Set.Samples.Zip(coder.Decode(coder.Encode(Set.Samples, new() { Kind = kind })), (x, decoded) => (double)(x - decoded) * (x - decoded)).Average();
    }

    [Fact]
    public async Task Encoding_and_decoding_from_many_threads_gives_what_one_thread_gives()
    {
        using var coder = Fitted();
        float[] codes = coder.Encode(Set.Samples), refined = coder.Encode(Set.Samples, new() { Refine = 5 }), decoded = coder.Decode(codes);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() =>
        {
            Assert.Equal(codes, coder.Encode(Set.Samples));
            Assert.Equal(refined, coder.Encode(Set.Samples, new() { Refine = 5 }));
            Assert.Equal(decoded, coder.Decode(codes));
        })));
    }

    [Fact]
    public void What_cannot_be_used_is_named()
    {
        using var coder = new SparseCoder(Options());
        Assert.Contains("call Fit", Assert.Throws<InvalidOperationException>(() => coder.Encode(Set.Samples)).Message);
        Assert.Throws<InvalidOperationException>(() => coder.Save("never.safetensors"));
        float[] odd = Rows(0, 60);
        odd[3 * D + 2] = float.NaN;
        Assert.Contains("row 3, column 2 is NaN", Assert.Throws<InvalidInputException>(() => coder.Fit(odd, D)).Message);
        Assert.Contains("no whole number of rows", Assert.Throws<InvalidInputException>(() => coder.Fit(new float[D + 1], D)).Message);
        Assert.Contains("there are none", Assert.Throws<InvalidInputException>(() => coder.Fit(Array.Empty<float>(), D)).Message);
        Assert.Contains("all rows are equal", Assert.Throws<InvalidInputException>(() => coder.Fit(new float[10 * D], D)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => coder.Fit(Set.Samples, 0));
        Assert.False(coder.IsFitted);

        coder.Fit(Set.Samples, D);
        Assert.Contains("15 values where the model takes 16", Assert.Throws<InvalidInputException>(() => coder.Encode(new float[2, 15])).Message);
        Assert.Contains("11 values where the model takes 12", Assert.Throws<InvalidInputException>(() => coder.Decode(new float[2, 11])).Message);
        Assert.Contains("row 3", Assert.Throws<InvalidInputException>(() => coder.Encode(odd)).Message);
        Assert.Contains("Refine", Assert.Throws<InvalidInputException>(() => coder.Encode(Set.Samples, new() { Refine = -1 })).Message);
        Assert.Contains("rows have 15 values where those before had 16", Assert.Throws<InvalidInputException>(() => coder.PartialFit(new float[15], 15)).Message);
        Assert.Contains("is a folder", Assert.Throws<InvalidInputException>(() => coder.Save(Path.GetTempPath())).Message);
        Assert.Empty(coder.Encode([]));
        coder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => coder.Encode(Set.Samples));
    }

    [Fact]
    public void Every_overload_gives_the_same_codes_and_samples()
    {
        using SparseCoder coder = Fitted(), ofRows = new(Options());
        float[][] rows = Matrices.Rows(Set.Samples, D);
        ofRows.Fit(rows);
        Assert.Equal(coder.Dictionary.Cast<float>(), ofRows.Dictionary.Cast<float>());
        float[] codes = coder.Encode(Set.Samples), into = new float[codes.Length];
        Assert.Equal(codes, coder.Encode(rows).SelectMany(row => row));
        coder.Encode(Set.Samples, into);
        Assert.Equal(codes, into);
        Assert.Equal(coder.Decode(codes), coder.Decode(Matrices.Rows(codes, Atoms)).SelectMany(row => row));
        float[] one = new float[Atoms];
        coder.Encode(Rows(5, 1), one, new() { FirstRow = 5 });
        Assert.Equal(codes[(5 * Atoms)..(6 * Atoms)], one);
        // Codes may overwrite the samples that they are of.
        float[] shared = Rows(0, 6);
        coder.Encode(shared.AsSpan(0, 3 * D), shared.AsSpan(0, 3 * Atoms));
        Assert.Equal(codes[..(3 * Atoms)], shared[..(3 * Atoms)]);
    }

    [Fact]
    public void A_stream_holds_what_a_file_holds_and_stays_open()
    {
        using var scratch = new ScratchFolder();
        using var coder = Fitted();
        coder.Save(scratch.File("model.safetensors"));
        using var stream = new MemoryStream();
        stream.WriteByte(1);
        coder.Save(stream);
        Assert.Equal(File.ReadAllBytes(scratch.File("model.safetensors")), stream.ToArray()[1..]);
        stream.Position = 1;
        using (var loaded = SparseCoder.Load(stream)) Assert.Equal(coder.Encode(Set.Samples), loaded.Encode(Set.Samples));
        Assert.Equal(stream.Length, stream.Position);
        string message = Assert.Throws<InvalidInputException>(() => SparseCoder.Load(new MemoryStream(stream.ToArray()[1..^5]))).Message;
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        using var coder = Fitted();
        Assert.Throws<ArgumentNullException>("samples", () => coder.Fit((float[,])null!));
        Assert.Throws<ArgumentNullException>("samples", () => coder.Fit((float[][])null!));
        Assert.Throws<ArgumentNullException>("samples", () => coder.Encode((float[,])null!));
        Assert.Throws<ArgumentNullException>("samples", () => coder.Encode((float[][])null!));
        Assert.Throws<ArgumentNullException>("codes", () => coder.Decode((float[,])null!));
        Assert.Throws<ArgumentNullException>("codes", () => coder.Decode((float[][])null!));
        Assert.Throws<ArgumentNullException>("blocks", () => coder.PartialFit((IEnumerable<ReadOnlyMemory<float>>)null!, D));
        Assert.Throws<ArgumentNullException>("path", () => coder.Save((string)null!));
        Assert.Throws<ArgumentNullException>("stream", () => coder.Save((Stream)null!));
        Assert.Throws<ArgumentNullException>("path", () => SparseCoder.Load((string)null!));
        Assert.Throws<ArgumentNullException>("stream", () => SparseCoder.Load((Stream)null!));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var coder = Fitted();
        Assert.Throws<ArgumentException>("codes", () => coder.Encode(Set.Samples, new float[600 * Atoms - 1]));
        Assert.Throws<ArgumentException>("codes", () => coder.Encode(Set.Samples, new float[600 * Atoms + 1]));
        Assert.Throws<InvalidInputException>(() => coder.Encode(new float[D + 1]));
        Assert.Throws<InvalidInputException>(() => coder.Encode(new float[][] { new float[D], new float[D - 1] }));
        Assert.Throws<InvalidInputException>(() => coder.Decode(new float[Atoms + 1]));
        Assert.Throws<InvalidInputException>(() => coder.Decode([.. Enumerable.Repeat(float.NaN, Atoms)]));
    }

    /// <summary>The paper's network would have 500 million weights, which took six gigabytes and more than five minutes.</summary>
    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "E4")]
    public void Samples_of_5000_values_are_learned_in_bounded_time()
    {
        const int Wide = 5000, Count = 20;
        var random = new System.Random(1);
        float[] samples = [.. Enumerable.Range(0, Count * Wide).Select(_ => random.NextSingle())];
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        // 20 samples are too few for the default step of the dictionary.
        using var coder = new SparseCoder(new() { Configure = e => e with { Schedule = e.Schedule with { DictionaryStep = 0.01, LearningRate = 0.001 } } });
        coder.Fit(samples, Wide, cancellationToken: limit.Token);
        Assert.Equal(Count * Wide, coder.Decode(coder.Encode(samples)).Length);
        Assert.Equal([Wide, 2048, 2048, 2048, 2048], coder.Experiment.Network.Units(Wide));
        // The network of smaller samples is the paper's.
        Assert.Equal([D, 2 * D, 4 * D, 2 * D, D], Fitted().Experiment.Network.Units(D));
        Assert.Equal([3, 5, 5, 5, 3], new NetworkOptions { MostUnits = 5 }.Units(3));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_coder_that_is_disposed_while_it_encodes_finishes_or_says_so()
    {
        var coder = Fitted();
        float[] expected = coder.Encode(Set.Samples);
        using var begun = new CountdownEvent(2);
        var encoders = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            begun.Signal();
            try
            {
                while (true) Assert.Equal(expected, coder.Encode(Set.Samples));
            }
            catch (ObjectDisposedException)
            {
                // The end that is asked for.
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        begun.Wait();
        await Task.Delay(20);
        coder.Dispose();
        await Task.WhenAll(encoders);
    }

    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "E3")]
    public void Memory_ends_over_many_trainings()
    {
        var random = new System.Random(7);
        Rounds(20);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Rounds(60);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 << 20);

        void Rounds(int count)
        {
            for (int round = 0; round < count; round++)
            {
                int dimension = random.Next(2, 60), rows = random.Next(50, 100);
                float[] samples = [.. Enumerable.Range(0, rows * dimension).Select(_ => random.NextSingle())];
                using var coder = new SparseCoder(new() { Method = round % 2 == 0 ? "thresholded-gaussian" : "fista", Atoms = random.Next(2, 80), Epochs = 1, Draws = 2, BatchSize = 50, Threads = random.Next(1, 3) });
                coder.Fit(samples, dimension);
                coder.Encode(samples);
            }
        }
    }

    [Fact, Trait("Fault", "B10")]
    public void A_disposed_coder_says_so()
    {
        var coder = Fitted();
        coder.Dispose();
        coder.Dispose();
        Assert.False(coder.IsFitted);
        Action[] uses =
        [
            () => coder.Fit(Set.Samples, D), () => coder.PartialFit(Set.Samples, D), () => coder.Encode(Set.Samples), () => coder.Encode(Set.Samples, new float[600 * Atoms]),
            () => coder.Decode(new float[Atoms]), () => coder.Save("never.safetensors"), () => coder.Save(new MemoryStream()), () => _ = coder.Dictionary, () => _ = coder.Dimension,
            () => _ = coder.Experiment,
        ];
        Assert.All(uses, use => Assert.Throws<ObjectDisposedException>(use));
    }

    [Theory]
    [InlineData("the prior 'vamp'"), InlineData("the generator 'convolutional'")]
    public void What_needs_the_tensor_library_is_named_with_its_package(string what)
    {
        using var coder = new SparseCoder(what.Contains("prior", StringComparison.Ordinal)
            ? Options() with { Configure = experiment => experiment with { Prior = new() { Kind = PriorKind.Vamp } } }
            : new() { Images = new ImageShape(1, 28, 28), Atoms = Atoms });
        var error = Assert.Throws<InvalidInputException>(() => { if (what.Contains("prior", StringComparison.Ordinal)) coder.Fit(Set.Samples, D); else coder.Fit(new float[100 * 784], 784); });
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("VariationalSparseCoding.Torch", error.Message, StringComparison.Ordinal);
        Assert.Equal(Remedy.AddTensorLibrary, error.Remedy);
        Assert.False(coder.IsFitted);
    }

    [Fact, Trait("Fault", "D11")]
    public void Options_out_of_range_are_all_named_at_once()
    {
        string message = Assert.Throws<InvalidInputException>(() => Fitted(Options() with { Atoms = 0, Draws = 0, Epochs = 0, KlWeight = -1 })).Message;
        string[] expected =
        [
            "Atoms: must lie between 1 and 65536, not 0", "Draws: must lie between 1 and 10000, not 0", "Epochs: must lie between 1 and 100000, not 0",
            "KlWeight: must be a number of at least 0, not -1",
        ];
        Assert.Equal(expected, message.Split("; ").Order(StringComparer.Ordinal));
        Assert.Contains("did you mean 'fista'", Assert.Throws<InvalidInputException>(() => Fitted(new() { Method = "fist" })).Message);
        Assert.StartsWith("Dictionary: it has 3 rows", Assert.Throws<InvalidInputException>(() => Fitted(new() { Dictionary = new float[3, 4] })).Message);
        Assert.Equal("BatchSize: must be at least 1, not 0", Assert.Throws<InvalidInputException>(() => Fitted(new() { BatchSize = 0 })).Message);
    }

    [Fact, Trait("Fault", "A11")]
    public void As_many_atoms_as_a_given_dictionary_has_may_be_asked_for_and_no_others()
    {
        var dictionary = new float[D, 2];
        for (int i = 0; i < 2; i++) dictionary[i, i] = 1;
        var options = new SparseCoderOptions { Dictionary = dictionary, Epochs = 1, Threads = 1 };
        Assert.Equal(2, options.Atoms);
        using (var coder = Fitted(options with { Atoms = 2 })) Assert.Equal(2, coder.Atoms);
        Assert.StartsWith("Atoms: 3 are asked for where the dictionary has 2 columns", Assert.Throws<InvalidInputException>(() => Fitted(options with { Atoms = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "A11")]
    public void Codes_that_do_not_exist_are_refused()
    {
        using var coder = Fitted(Options());
        Assert.StartsWith("Kind: there are no codes of kind 99", Refusal(new() { Kind = (CodeKind)99 }), StringComparison.Ordinal);
        Assert.StartsWith("Draws: must lie between 1 and 10000", Refusal(new() { Draws = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("FirstRow: must be at least 0", Refusal(new() { FirstRow = -1 }), StringComparison.Ordinal);
        Assert.StartsWith("Refine: must be at least 0", Refusal(new() { Refine = -1 }), StringComparison.Ordinal);

        string Refusal(EncodeOptions options) => Assert.Throws<InvalidInputException>(() => coder.Encode(Set.Samples, options)).Message;
    }

    [Fact]
    public void Settings_out_of_range_are_named_as_the_experiments()
    {
        var options = Options() with { Configure = experiment => experiment with { Generator = experiment.Generator with { Atoms = -1 } } };
        Assert.Equal("generator.atoms: must lie between 1 and 65536, not -1", Assert.Throws<InvalidInputException>(() => Fitted(options)).Message);
    }

    [Fact]
    public void The_sparse_coding_options_are_the_preset_where_the_samples_are_its()
    {
        var preset = Presets.SparseCoding.Resolve();
        var experiment = SparseCoderOptions.SparseCoding.Experiment(256, preset.Data.TrainSamples);
        Assert.Equal((preset.Method, preset.Posterior, preset.Sampling, preset.Objective, preset.Generator), (experiment.Method, experiment.Posterior, experiment.Sampling, experiment.Objective, experiment.Generator));
        Assert.Equal(preset.Schedule with { Temperature = experiment.Schedule.Temperature }, experiment.Schedule);
    }

    [Theory]
    [InlineData(64, 5000, 10, null)]
    [InlineData(64, 60, 3, 2.0)]
    [InlineData(1024, 5000, 200, 40.0)]
    public void The_sparse_coding_options_follow_dimension_lambda_and_length(int dimension, int samples, int epochs, double? lambda)
    {
        var preset = Presets.SparseCoding.Resolve();
        var experiment = (SparseCoderOptions.SparseCoding with { Epochs = epochs, Lambda = lambda, Atoms = 300 }).Experiment(dimension, samples);
        Assert.Equal(lambda ?? 20.0 * dimension / 256, experiment.Objective.Lambda);
        // D/2 beta |mu|/b0 is lambda |mu|.
        Assert.Equal(experiment.Objective.Lambda, dimension / 2.0 * experiment.Objective.KlWeight / experiment.Posterior.PriorSpread, 1e-12);
        // Entries of the atoms have one size, so that reconstruction, 1-norm and penalty all grow as D.
        Assert.Equal(preset.Generator.InitialNorm * Math.Sqrt(dimension / 256.0), experiment.Generator.InitialNorm, 1e-12);
        long steps = (long)epochs * Math.Max(1, samples / experiment.Schedule.BatchSize);
        foreach (double share in new[] { 0.0, 0.25, 0.5, 1 })
            Assert.Equal(preset.Schedule.KlWarmUp.At((long)(share * 9600)), experiment.Schedule.KlWarmUp.At((long)(share * steps)), 1.0 / steps);
        Assert.Equal((300, epochs), (experiment.Generator.Atoms, experiment.Schedule.Epochs));
    }

    [Fact]
    public void A_sparse_coding_coder_is_fitted_saved_and_loaded()
    {
        using var folder = new ScratchFolder();
        using var coder = Fitted(SparseCoderOptions.SparseCoding with { Atoms = Atoms, Epochs = 2, BatchSize = 50, Threads = 1 });
        coder.Save(folder.File("model.safetensors"));
        using var loaded = SparseCoder.Load(folder.File("model.safetensors"));
        Assert.Equal(coder.Experiment, loaded.Experiment);
        EncodeOptions mean = new() { Kind = CodeKind.Mean };
        Assert.Equal(coder.Encode(Set.Samples, mean), loaded.Encode(Set.Samples, mean));
    }

    [Fact]
    public void A_cancelled_fit_leaves_the_coder_as_it_was_and_progress_tells_of_every_step()
    {
        using var coder = Fitted();
        float[] before = coder.Encode(Set.Samples);
        using var source = new CancellationTokenSource();
        var steps = new Steps(made => { if (made.Step == 5) source.Cancel(); });
        Assert.Throws<OperationCanceledException>(() => coder.Fit(Set.Samples, D, steps, source.Token));
        Assert.Equal([1, 2, 3, 4, 5], steps.Seen);
        Assert.Equal(before, coder.Encode(Set.Samples));
        Assert.ThrowsAny<OperationCanceledException>(() => coder.Encode(Set.Samples, cancellationToken: source.Token));
    }

    [Fact]
    public void A_stream_gives_one_coder_however_it_is_cut()
    {
        var options = Options() with { SamplesPerEpoch = 100, Normalisation = Normalisation.None };
        using SparseCoder whole = new(options), cut = new(options);
        whole.PartialFit(Set.Samples, D);
        Assert.False(cut.IsFitted);
        cut.PartialFit(Blocks(37), D);
        Assert.Equal(whole.Dictionary.Cast<float>(), cut.Dictionary.Cast<float>());
        Assert.Equal(whole.Encode(Set.Samples), cut.Encode(Set.Samples));
    }

    [Fact]
    public async Task An_asynchronous_stream_gives_what_a_synchronous_one_gives()
    {
        using SparseCoder synchronous = new(Options()), asynchronous = new(Options());
        synchronous.PartialFit(Blocks(100).Concat(Blocks(100)), D);
        await asynchronous.PartialFitAsync(Later(), D);
        Assert.Equal(synchronous.Dictionary.Cast<float>(), asynchronous.Dictionary.Cast<float>());

        static async IAsyncEnumerable<ReadOnlyMemory<float>> Later()
        {
            foreach (var block in Blocks(100).Concat(Blocks(100)))
            {
                await Task.Yield();
                yield return block;
            }
        }
    }

    [Fact]
    public void The_standardisation_of_a_stream_is_that_of_its_beginning()
    {
        using var coder = new SparseCoder(Options());
        coder.PartialFit(Set.Samples, D);
        Assert.Contains("600 of the 1000", Assert.Throws<InvalidOperationException>(() => coder.Encode(Set.Samples)).Message);
        coder.PartialFit(Set.Samples, D);
        float[] mean = coder.Decode(new float[Atoms]);
        float[] beginning = [.. Set.Samples, .. Rows(0, 400)];
        for (int column = 0; column < D; column++)
            Assert.Equal(Enumerable.Range(0, 1000).Average(row => beginning[row * D + column]), mean[column], 1e-5);
    }

    [Fact]
    public void Schedules_of_a_stream_go_on_over_calls_and_past_the_planned_epochs()
    {
        using var coder = new SparseCoder(Options() with { SamplesPerEpoch = 100, Epochs = 2, Normalisation = Normalisation.None });
        var steps = new Steps(_ => { });
        foreach (var block in Blocks(75)) coder.PartialFit(block, D, steps);
        Assert.Equal(Enumerable.Range(1, 12).Select(step => (long)step), steps.Seen);
        Assert.All(coder.Encode(Set.Samples), code => Assert.True(float.IsFinite(code)));
    }

    private static IEnumerable<ReadOnlyMemory<float>> Blocks(int rows)
    {
        for (int first = 0; first < 600; first += rows) yield return Set.Samples.AsMemory(first * D, Math.Min(rows, 600 - first) * D);
    }

    private sealed class Steps(Action<StepEvent> report) : IProgress<StepEvent>
    {
        public List<long> Seen { get; } = [];

        public void Report(StepEvent value)
        {
            Seen.Add(value.Step);
            report(value);
        }
    }
}
