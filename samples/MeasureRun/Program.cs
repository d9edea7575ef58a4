using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Images;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Runs;

// Loads a run of 'vsc train' and measures its dictionary and the codes of its validation samples: MeasureRun RUN.

if (args.Length != 1) return Usage();

// A run opens the data that it was trained on, which may be images.
ImageData.Register();
using var run = RunFolder.Open(args[0]);
var evaluation = RunEvaluation.Of(run);
int atoms = run.Experiment.Generator.Atoms;

foreach (var (kind, terms) in evaluation.Objectives)
    Console.WriteLine(FormattableString.Invariant($"{kind,-13} objective {terms.Value:F1}, {100 * terms.ActiveFraction:F1}% active"));
double[] norms = DictionaryStatistics.Norms<float>(evaluation.Dictionary, atoms);
Console.WriteLine(FormattableString.Invariant($"{atoms} atoms, norms from {norms.Min():F2} to {norms.Max():F2}, coherence {DictionaryStatistics.Coherence<float>(evaluation.Dictionary, atoms):F2}"));
Console.WriteLine(FormattableString.Invariant($"the codes explain {100 * evaluation.Quality.ExplainedVariance:F1}% of the variance; {evaluation.Quality.Dead} of {atoms} features are never used"));
return 0;

static int Usage()
{
    Console.Error.WriteLine("Usage: MeasureRun RUN; RUN is the folder of a run that 'vsc train' made.");
    return 2;
}
