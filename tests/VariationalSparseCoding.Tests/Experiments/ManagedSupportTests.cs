using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class ManagedSupportTests
{
    public static IEnumerable<object[]> Methods =>
        from method in MethodTable.All from fidelity in Enum.GetValues<Fidelity>() select new object[] { method.Name, fidelity };

    private static Experiment Resolve(string json) => ExperimentJson.Resolve("test", ExperimentJson.ParseObject("test", System.Text.Encoding.UTF8.GetBytes(json)));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_of_a_dictionary_is_trained(string method, Fidelity fidelity) => Assert.Null(ManagedSupport.Missing(MethodTable.Find(method)!.Defaults(fidelity)));

    [Theory]
    [InlineData("""{ "posterior": { "estimator": "subgradient" } }""")]
    [InlineData("""{ "sampling": { "selection": "average" } }""")]
    [InlineData("""{ "sampling": { "selection": "iwae", "importanceWeights": "softmax-of-loss" } }""")]
    [InlineData("""{ "method": "thresholded-gaussian-gamma", "posterior": { "gammaPriorMatch": "active-fraction", "initialHeads": "prior" } }""")]
    public void What_needs_no_automatic_differentiation_is_trained(string json) => Assert.Null(ManagedSupport.Missing(Resolve(json)));

    [Theory]
    [InlineData("""{ "generator": { "kind": "convolutional" } }""", "the generator 'convolutional'")]
    [InlineData("""{ "compute": { "device": "cuda" } }""", "the device 'cuda'")]
    [InlineData("""{ "compute": { "precision": "bf16" } }""", "the precision 'bf16'")]
    [InlineData("""{ "prior": { "kind": "vamp" } }""", "the prior 'vamp'")]
    [InlineData("""{ "prior": { "kind": "clf" } }""", "the prior 'clf'")]
    [InlineData("""{ "method": "spike-and-slab", "posterior": { "estimator": "gumbel-rao" } }""", "the estimator 'gumbel-rao'")]
    [InlineData("""{ "method": "spike-and-slab", "posterior": { "estimator": "gumbel-softmax" } }""", "the estimator 'gumbel-softmax'")]
    [InlineData("""{ "sampling": { "selection": "iwae" } }""", "the selection 'iwae' with the weights 'bound'")]
    public void What_is_missing_is_named(string json, string reason) => Assert.Equal(reason, ManagedSupport.Missing(Resolve(json)));

    [Fact]
    public void A_model_trained_in_bf16_is_a_managed_one()
    {
        Assert.Null(ManagedSupport.MissingOfModel(Resolve("""{ "compute": { "precision": "bf16" } }""")));
        Assert.Equal("the prior 'vamp'", ManagedSupport.MissingOfModel(Resolve("""{ "prior": { "kind": "vamp" } }""")));
    }

    [Theory]
    [InlineData("""{ "method": "fista", "compute": { "precision": "bf16" } }""", "MAP inference")]
    [InlineData("""{ "prior": { "kind": "vamp" }, "compute": { "precision": "bf16" } }""", "the prior 'vamp'")]
    [InlineData("""{ "compute": { "device": "cuda", "precision": "bf16" } }""", "the device 'cuda'")]
    [InlineData("""{ "method": "spike-and-slab", "posterior": { "estimator": "gumbel-rao" }, "compute": { "precision": "bf16" } }""", "the estimator 'gumbel-rao'")]
    [InlineData("""{ "sampling": { "selection": "iwae" }, "compute": { "precision": "bf16" } }""", "the selection 'iwae' with the weights 'bound'")]
    public void In_bf16_a_dictionary_is_trained_by_the_same_methods_but_for_MAP_inference(string json, string reason) =>
        Assert.Equal($"test: compute.precision: cannot be 'bf16' with a linear generator and {reason}; use 'fp32'", Assert.Throws<InvalidInputException>(() => Resolve(json)).Message);
}
