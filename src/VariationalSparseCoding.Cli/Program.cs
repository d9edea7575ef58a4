using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;
using VariationalSparseCoding.Evaluation;
using System.Diagnostics;

var e = MethodTable.Default.Defaults(args.Contains("pub") ? Fidelity.Published : Fidelity.Equations);
int J = int.Parse(args[1]); int ep = int.Parse(args[2]);
e = e with { Sampling = e.Sampling with { Samples = J }, Schedule = e.Schedule with { Epochs = ep, ValidateEvery=5 } };
if (args.Contains("quick")) { int steps = ep * 200; e = e with { Schedule = e.Schedule with { WarmUp = new() { Initial = 0.1, Start = steps/50, Increment = 0.9 / (steps / 10 - steps/50) } } }; }
e = TrainingRun.Resolve(e);
using (var f = RunFolder.Create(args[0], e)) { TrainingRun.Train(f, [new O()]); }
using var g = RunFolder.Open(args[0]);
var sw = Stopwatch.StartNew();
Console.WriteLine(RunEvaluation.Of(g).ToJson());
Console.WriteLine(sw.Elapsed);
class O : ITrainingObserver { Stopwatch sw = Stopwatch.StartNew(); public void OnEpoch(EpochEvent f) { Console.WriteLine($"{sw.Elapsed.TotalSeconds:F1} {f.Epoch} {string.Join(" ", f.Train.Values.Select(v => v.ToString("G4")))} | {string.Join(" ", f.Validation?.Values.Select(v => v.ToString("G5")) ?? [])}"); } }
