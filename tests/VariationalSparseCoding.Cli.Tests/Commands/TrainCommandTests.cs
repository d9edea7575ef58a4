using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Cli.Tests.Commands;

[Collection(TrainedRunTests.Name)]
public class TrainCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose()
    {
        scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_run_leaves_what_it_promises_and_nothing_half_written()
    {
        // Where the run took long, the checkpoint before the last is kept too.
        string[] files = [.. Directory.GetFiles(trained.Run, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(trained.Run, file))
            .Where(file => file is not ("checkpoint/step-000000006.safetensors" or "checkpoint/step-000000012.safetensors")).Order(StringComparer.Ordinal)];
        Assert.Equal([".lock", "checkpoint/step-000000018.safetensors", "dictionary.png", "evaluation.json", "experiment.json", "metrics.csv", "report.html"], files[..^1]);
        Assert.StartsWith("tensorboard/events.out.tfevents", files[^1], StringComparison.Ordinal);
        Assert.All(files[1..], file => Assert.True(new FileInfo(Path.Combine(trained.Run, file)).Length > 0, file));
    }

    [Fact]
    public void Redirected_output_has_one_line_per_epoch()
    {
        string[] lines = trained.Output.Split('\n');
        foreach (int epoch in new[] { 1, 2, 3 })
        {
            string line = Assert.Single(lines, line => line.StartsWith($"epoch {epoch} ", StringComparison.Ordinal));
            foreach (string word in new[] { "loss", "reconstruction", "kl", "active fraction", "steps/s", "left", "validation objective" }) Assert.Contains(word, line, StringComparison.Ordinal);
        }
        Assert.Contains(lines, line => line.EndsWith(Path.Combine(trained.Run, "report.html"), StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', trained.Output);
    }

    [Fact, Trait("Fault", "D10")]
    public void The_settings_that_follow_from_the_data_are_shown_and_why_the_loss_may_rise()
    {
        Assert.Contains($"{trained.Run}: KL weight 0.01, lambda 0.2, initial norm 1; warm-up of the noise to step 9 of 18: the loss may rise meanwhile\n", trained.Output, StringComparison.Ordinal);
        string[] lines = [.. trained.Output.Split('\n').Where(line => line.StartsWith("epoch ", StringComparison.Ordinal))];
        Assert.Equal([true, false, false], lines.Select(line => line.Contains("  warm-up 60%", StringComparison.Ordinal)));
        Assert.All(lines[1..], line => Assert.DoesNotContain("warm-up", line, StringComparison.Ordinal));
    }

    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "A9"), Trait("Fault", "C2")]
    public async Task Another_method_on_a_matrix_has_settings_of_its_size_and_no_description_of_others()
    {
        string matrix = TinyData.WriteMatrix(scratch, columns: 64);
        string[] words = ["train", "--data", matrix, "--method", "fista", "--output", scratch.File("run"), "--epochs", "10", "--atoms", "16", "--batch-size", "10", "--threads", "1"];
        var outcome = (await Vsc.Run(words)).Succeeded();
        Assert.Contains("lambda 5, initial norm 1; warm-up of lambda to step 10 of 100", outcome.Output, StringComparison.Ordinal);
        using (var folder = RunFolder.Open(scratch.File("run")))
        {
            Assert.Equal(5, folder.Experiment.Objective.Lambda);
            Assert.DoesNotContain("embedded images", File.ReadAllText(Path.Combine(scratch.File("run"), "report.html")), StringComparison.Ordinal);
            Assert.Equal("", folder.Experiment.Description);
        }
        // What was derived is on record, and given values win.
        (await Vsc.Run("train", Path.Combine(scratch.File("run"), "experiment.json"), "--output", scratch.File("again"))).Succeeded();
        Assert.Equal(TrainedRun.FinalCheckpoint(scratch.File("run")), TrainedRun.FinalCheckpoint(scratch.File("again")));
        (await Vsc.Run([.. words.Select(word => word == scratch.File("run") ? scratch.File("given") : word), "--set", "objective.lambda=20"])).Done();
        using var given = RunFolder.Open(scratch.File("given"));
        Assert.Equal(20, given.Experiment.Objective.Lambda);
    }

    [Fact]
    public void The_table_of_metrics_has_one_row_per_epoch()
    {
        var rows = MetricsTable.Read(Path.Combine(trained.Run, "metrics.csv"));
        Assert.Equal([1, 2, 3], rows.Select(row => row["epoch"]));
        Assert.Equal([6, 12, 18], rows.Select(row => row["step"]));
        Assert.All(rows, row => Assert.Equal(row["validation.reconstruction"] + 0.2 * row["validation.l1"], row["validation.objective"], 1e-9));
        Assert.Equal([0.1 + 0.1 * 5, 1, 1], rows.Select(row => Math.Round(row["warm_up"], 12)));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task The_recorded_experiment_gives_the_same_run_again()
    {
        string again = scratch.File("again");
        (await Vsc.Run("train", Path.Combine(trained.Run, "experiment.json"), "--output", again)).Succeeded();
        Assert.Equal(TrainedRun.FinalCheckpoint(trained.Run), TrainedRun.FinalCheckpoint(again));
        Assert.Equal(File.ReadAllText(Path.Combine(trained.Run, "metrics.csv")), File.ReadAllText(Path.Combine(again, "metrics.csv")));
        Assert.Equal(File.ReadAllText(Path.Combine(trained.Run, "evaluation.json")), File.ReadAllText(Path.Combine(again, "evaluation.json")));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Another_seed_gives_another_run()
    {
        (await Vsc.Run(TinyData.Train(trained.Matrix, scratch.File("other"), "--seed", "1"))).Succeeded();
        Assert.NotEqual(TrainedRun.FinalCheckpoint(trained.Run), TrainedRun.FinalCheckpoint(scratch.File("other")));
    }

    [Fact]
    public async Task A_finished_run_is_not_overwritten()
    {
        byte[] before = TrainedRun.FinalCheckpoint(trained.Run);
        (await Vsc.Run(TinyData.Train(trained.Matrix, trained.Run))).Refused(trained.Run, "finished run of 'thresholded-laplacian'", "new folder");
        Assert.Equal(before, TrainedRun.FinalCheckpoint(trained.Run));
    }

    [Fact]
    public async Task A_run_without_a_checkpoint_is_not_overwritten()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        Directory.Delete(Path.Combine(run, "checkpoint"), recursive: true);
        (await Vsc.Run(TinyData.Train(trained.Matrix, run))).Refused(run, "without a checkpoint yet", $"vsc resume {run}");
    }

    [Fact]
    public async Task An_unfinished_run_is_not_overwritten()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        File.Move(Path.Combine(run, "checkpoint", "step-000000018.safetensors"), Path.Combine(run, "checkpoint", "step-000000011.safetensors"));
        (await Vsc.Run(TinyData.Train(trained.Matrix, run))).Refused(run, "step 11", $"vsc resume {run}");
    }

    [Fact]
    public async Task A_foreign_folder_or_file_is_not_touched()
    {
        string file = scratch.Write("notes.txt", [1, 2, 3]);
        (await Vsc.Run(TinyData.Train(trained.Matrix, scratch.Path))).Refused(scratch.Path, "is not empty and holds no run");
        (await Vsc.Run(TinyData.Train(trained.Matrix, file))).Refused(file, "is a file");
        Assert.Equal([file], Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task A_run_that_another_process_trains_is_left_alone()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        using var other = RunFolder.Resume(run);
        (await Vsc.Run("resume", run)).Refused(run, "another process is training");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Options_override_the_experiment_file()
    {
        string file = scratch.File("experiment.json");
        File.WriteAllText(file, $$"""
            {
              // Comments and trailing commas are allowed.
              "method": "gaussian",
              "seed": 5,
              "data": { "source": "{{trained.Matrix}}", "trainSamples": 60, "validationSamples": 20 },
              "generator": { "atoms": 8 },
              "schedule": { "epochs": 2, "batchSize": 10, },
              "compute": { "threads": 1 }
            }
            """);
        (await Vsc.Run("train", file, "--output", scratch.File("run"), "--method", "laplacian", "--draws", "3", "--selection", "average", "--set", "schedule.momentum=0.5")).Succeeded();
        using var folder = RunFolder.Open(scratch.File("run"));
        var experiment = folder.Experiment;
        Assert.Equal(("laplacian", 5ul, 3, DrawSelection.Average, 0.5, 2), (experiment.Method, experiment.Seed, experiment.Sampling.Draws, experiment.Sampling.Selection, experiment.Schedule.Momentum, experiment.Schedule.Epochs));
        Assert.Equal("laplacian", experiment.Posterior.Family.Name);
        Assert.NotEqual("", experiment.CreatedWith);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_setting_that_the_method_does_not_use_is_named()
    {
        var outcome = (await Vsc.Run(TinyData.Train(trained.Matrix, scratch.File("run"), "--method", "fista", "--set", "posterior.thresholdValue=0.5"))).Succeeded();
        Assert.StartsWith("--draws (sampling.draws) has no effect: method 'fista' has no inference network and draws no codes\n"
            + "posterior.thresholdValue has no effect: method 'fista' has no inference network and draws no codes\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_experiment_file_reports_all_its_errors_at_once()
    {
        string file = scratch.File("experiment.json");
        File.WriteAllText(file, """{ "metod": "gaussian", "seed": -1, "schedule": { "epochs": 0, "batchsize": 10, "warmUp": { "start": "soon" } }, "generator": 7, "sampling": { "selection": "best" } }""");
        var outcome = await Vsc.Run("train", file, "--output", scratch.File("run"));
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        string[] lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal($"vsc: {file}: 7 errors:", lines[0]);
        string[] errors =
        [
            "metod: unknown key; did you mean 'method'?",
            "seed: must be a whole number of at least 0, not -1",
            "schedule.batchsize: unknown key; did you mean 'batchSize'?",
            "schedule.warmUp.start: must be a whole number, not \"soon\"",
            "generator: must be an object, not 7",
            "sampling.selection: must be one of max, average, iwae, not \"best\"",
            "schedule.epochs: must lie between 1 and 100000, not 0",
        ];
        Assert.Equal(errors.Order(StringComparer.Ordinal), lines[1..].Order(StringComparer.Ordinal));
        Assert.False(Path.Exists(scratch.File("run")));
    }

    [Theory]
    [InlineData("--method thresholded-laplacan", "did you mean 'thresholded-laplacian'?")]
    [InlineData("--fidelity exact", "equations, published")]
    [InlineData("--epochs 0", "command line: --epochs (schedule.epochs): must lie between")]
    [InlineData("--epochs few", "schedule.epochs")]
    [InlineData("--epochs 2.5", "schedule.epochs")]
    [InlineData("--batch-size 0", "schedule.batchSize")]
    [InlineData("--batch-size 99999999", "schedule.batchSize")]
    [InlineData("--atoms 0", "generator.atoms")]
    [InlineData("--atoms -3", "generator.atoms")]
    [InlineData("--atoms 99999999999999999999", "generator.atoms")]
    [InlineData("--draws 0", "sampling.draws")]
    [InlineData("--selection best", "max, average, iwae")]
    [InlineData("--seed -1", "command line: --seed (seed): must be")]
    [InlineData("--threads -1", "compute.threads")]
    [InlineData("--precision fp16", "fp32, bf16")]
    [InlineData("--precision bf16 --method fista", "compute.precision")]
    [InlineData("--device tpu", "cpu, cuda")]
    [InlineData("--patch-size 0", "data.patchSize")]
    [InlineData("--patch-size 600", "600 x 600")]
    [InlineData("--train-patches 0", "data.trainSamples")]
    [InlineData("--train-patches 2000000000", "2000000001 patches")]
    [InlineData("--validation-patches -5", "data.validationSamples")]
    [InlineData("--set schedule.learningRate=0", "schedule.learningRate")]
    [InlineData("--set schedule.learningRate=NaN", "schedule.learningRate")]
    [InlineData("--set schedule.learningRate=1e999", "schedule.learningRate")]
    [InlineData("--set schedule.learnigRate=1", "did you mean 'learningRate'?")]
    [InlineData("--set posterior.family=gaussian", "posterior.family")]
    [InlineData("--set schedule", "KEY=VALUE")]
    [InlineData("--set =1", "KEY=VALUE")]
    [InlineData("--set .=1", "unknown key")]
    [InlineData("--set schedule.epochs.first=1", "schedule.epochs")]
    [InlineData("--images a --data b", "--images and --data")]
    [InlineData("--images nowhere", "nowhere")]
    [InlineData("--data nowhere.npy", "nowhere.npy")]
    [InlineData("nowhere.json", "nowhere.json")]
    [InlineData("--preset sparse-codng", "unknown preset 'sparse-codng'; did you mean 'sparse-coding'?")]
    [InlineData("experiment.json --preset quick", "experiment.json and --preset quick")]
    public async Task A_bad_value_is_refused_before_anything_is_written(string words, string part)
    {
        string run = scratch.File("run");
        (await Vsc.Run(["train", "--output", run, .. TinyData.Words(words)])).Refused(part);
        Assert.False(Path.Exists(run), "the run's folder was made");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Without_counts_a_matrix_is_used_whole()
    {
        (await Vsc.Run("train", "--data", trained.Matrix, "--output", scratch.File("run"), "--epochs", "1", "--atoms", "4", "--threads", "1")).Succeeded();
        using var folder = RunFolder.Open(scratch.File("run"));
        Assert.Equal((100, 20, 100), (folder.Experiment.Data.TrainSamples, folder.Experiment.Data.ValidationSamples, folder.Experiment.Schedule.BatchSize));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Without_an_output_the_next_free_folder_is_taken()
    {
        Directory.CreateDirectory(scratch.File("runs/thresholded-laplacian-1"));
        string[] words = [.. TinyData.Train(trained.Matrix, "OUTPUT").Where(word => word is not ("--output" or "OUTPUT"))];
        var outcome = (await Vsc.Start(scratch.Path, words).Finish()).Succeeded();
        Assert.Contains("runs/thresholded-laplacian-2/report.html", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(TrainedRun.FinalCheckpoint(trained.Run), TrainedRun.FinalCheckpoint(scratch.File("runs/thresholded-laplacian-2")));
    }

    [Fact]
    public void Without_a_file_and_a_length_the_quick_experiment_is_meant()
    {
        var quick = TrainCommand.Describe(null, null, []);
        Assert.Equal((20_000, 4_000, 20, 48), (quick.Data.TrainSamples, quick.Data.ValidationSamples, quick.Sampling.Draws, quick.Schedule.Epochs));
        // Its warm-up, counted in steps, must end early.
        Assert.Equal(1, quick.Schedule.WarmUp.At(quick.Schedule.Epochs * 200 / 5));
        // The paper's own length has the paper's warm-up, another one a tenth of itself.
        Assert.Equal(MethodTable.Default.Defaults(), OfEpochs(300));
        Assert.Equal(new() { Start = 0, Increment = 0.9 / 200 }, OfEpochs(10).Schedule.WarmUp);
        Assert.Equal(MethodTable.Default.Defaults(Fidelity.Published).Schedule with { Epochs = 10 }, OfEpochs(10, "published").Schedule);

        static Experiment OfEpochs(int epochs, string fidelity = "equations") =>
            TrainCommand.Describe(null, null, new JsonObject { ["fidelity"] = fidelity, ["schedule"] = new JsonObject { ["epochs"] = epochs } });
    }

    [Fact]
    public void A_preset_is_meant_as_it_is_and_options_override_it()
    {
        Assert.Equal(Describe("quick"), Describe(null));
        var sparse = Describe("sparse-coding");
        Assert.Equal(("laplacian", 1, 48, 0.00078125), (sparse.Method, sparse.Sampling.Draws, sparse.Schedule.Epochs, sparse.Objective.KlWeight));
        var longer = Describe("sparse-coding", """{ "schedule": { "epochs": 96, "klWarmUp": { "increment": 0.00005 } } }""");
        Assert.Equal((96, 0.02, 0.00005, 0.005), (longer.Schedule.Epochs, longer.Schedule.KlWarmUp.Initial, longer.Schedule.KlWarmUp.Increment, longer.Posterior.PriorSpread));

        static Experiment Describe(string? preset, string options = "{}") =>
            TrainCommand.Describe(null, preset, JsonNode.Parse(options)!.AsObject());
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_preset_is_trained_on_the_data_of_the_command_line()
    {
        (await Vsc.Run(TinyData.Train(trained.Matrix, scratch.File("run"), "--preset", "sparse-coding"))).Succeeded();
        using var folder = RunFolder.Open(scratch.File("run"));
        Assert.Equal(("laplacian", InitialHeads.Prior, 3), (folder.Experiment.Method, folder.Experiment.Posterior.InitialHeads, folder.Experiment.Schedule.Epochs));
    }
}
