using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>Problems for the tests of the solvers.</summary>
internal static class LassoData
{
    /// <summary>The fixture: dictionary [16, 24] and samples [5, 16] in float64, lambda, optimal codes and objectives, and the authors'.</summary>
    public static (Tensor Dictionary, Tensor X, double Lambda, double[] Objective, double[] AuthorsObjective, Tensor Codes, Tensor AuthorsCodes) Fixture()
    {
        var json = Fixtures.Read("lasso.json");
        Tensor Matrix(string name) => tensor(json.GetProperty(name).Numbers(), json.GetProperty(name).Shape());
        return (Matrix("dictionary"), Matrix("x"), json.GetProperty("tau").GetDouble(),
            json.GetProperty("objective_optimal").Numbers(), json.GetProperty("objective_authors_fista").Numbers(), Matrix("z_optimal"), Matrix("z_authors_fista"));
    }
}
