using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`bench activations`: what autoencoders explain of rows such as activations of a network.</summary>
internal static class BenchActivationsCommand
{
    public static Command Create(CommandSet set)
    {
        var data = new PathOption("--data") { Description = "a matrix or store whose rows are samples, such as the activations that vsc-full collect writes", HelpName = "PATH", Required = true };
        var output = new OutputOption("--output", "-o") { Description = "the folder of results and models; a further run goes on from there", HelpName = "FOLDER", DefaultValueFactory = _ => Path.Combine("runs", "activations") };
        var methods = new ListOption("--methods") { Description = "autoencoders, joined by commas, each with settings of its own if wanted: 'gaussian-gate sparsity.gateNoise=1 sampling.draws=4'", HelpName = "METHODS", DefaultValueFactory = _ => ["topk,batch-topk,gaussian-topk,gaussian-gate"] };
        var active = new ListOption("--active") { Description = "numbers of active features, joined by commas; learning rates are chosen at the first", HelpName = "COUNTS", DefaultValueFactory = _ => ["16,8,32,64"] };
        var rates = new ListOption("--rates") { Description = "learning rates to choose from, joined by commas", HelpName = "RATES", DefaultValueFactory = _ => ["0.002,0.003,0.004"] };
        var seeds = new ListOption("--seeds") { Description = "seeds, joined by commas", HelpName = "SEEDS", DefaultValueFactory = _ => ["0,1,2"] };
        var atoms = new Option<int>("--atoms") { Description = "features that are learned", HelpName = "COUNT", DefaultValueFactory = _ => 1536 };
        var epochs = new Option<int>("--epochs") { Description = "passes over the training rows", HelpName = "COUNT", DefaultValueFactory = _ => 2 };
        var batch = new Option<int>("--batch-size") { Description = "rows of a step", HelpName = "COUNT", DefaultValueFactory = _ => 256 };
        var document = new OutputOption("--document") { Description = "also write the results as a Markdown page", HelpName = "FILE" };
        var command = new Command("activations", "Train autoencoders on rows such as activations of a network, each at its best learning rate, and measure what they explain of held-out rows.")
        {
            data, output, methods, active, rates, seeds, atoms, epochs, batch, document,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration.Output;
            string[] names = [.. methods.Values(parsed).Distinct()];
            string[] own = ListValues.Methods(methods, [.. names.Select(name => name.Split(' ')[0])]);
            if (own.FirstOrDefault(name => MethodTable.Find(name)!.Gate is null) is { } other) throw methods.Refuse(other, "is no autoencoder, and takes no number of active features.");
            if (names.SelectMany(name => name.Split(' ').Skip(1)).FirstOrDefault(setting => setting.IndexOf('=', StringComparison.Ordinal) < 1) is { } odd) throw methods.Refuse(odd, "a setting has the form KEY=VALUE.");
            int[] numbers = ListValues.Active(active, active.Values(parsed), parsed.GetValue(atoms));
            double[] tried = [.. rates.Values(parsed).Distinct().Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and <= 1
                ? rate : throw rates.Refuse(word, "must be a number above 0 and at most 1."))];
            string folder = parsed.GetValue(output)!;
            Directory.CreateDirectory(folder);
            var benchmark = new ActivationBenchmark(folder, parsed.GetValue(data)!, parsed.GetValue(atoms), parsed.GetValue(epochs), parsed.GetValue(batch));
            benchmark.Read();
            var results = benchmark.Complete(names, numbers, tried, ListValues.Seeds(seeds, seeds.Values(parsed)), result =>
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Run.Name}: EV {result.ExplainedVariance:F4} with {result.Active:F2} active, cut {result.Cut:F4}, validation {result.Validation:F4}, dead {result.Dead:F3}, {result.Seconds:F0} s"));
                writer.Flush();
            }, cancellationToken);
            if (parsed.GetValue(document) is { } page)
                AtomicFile.WriteText(page, ActivationTable.Markdown(results, benchmark.Agreement, Description(benchmark, parsed.GetValue(atoms), parsed.GetValue(epochs), parsed.GetValue(batch)), ListValues.Line(parsed)));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Description(ActivationBenchmark benchmark, int atoms, int epochs, int batchSize) =>
        $"{benchmark.TrainRows} training rows of {benchmark.Dimension} values, {atoms} features, {epochs} epochs in batches of {batchSize}.";
}
