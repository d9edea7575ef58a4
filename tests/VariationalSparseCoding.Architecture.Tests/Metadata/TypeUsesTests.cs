namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>The reader on the types of this assembly's <c>Sample</c> namespaces, of which each uses <c>Sample.Low</c> in one way.</summary>
public class TypeUsesTests
{
    private static readonly string assembly = typeof(TypeUsesTests).Assembly.GetName().Name!;
    private static readonly IReadOnlyList<TypeUse> uses = TypeUses.Read(typeof(TypeUsesTests).Assembly.Location);

    [Theory]
    [InlineData("ByBase", "", "Thing")]
    [InlineData("ByInterface", "", "IThing")]
    [InlineData("ByBaseArgument", "", "Thing")]
    [InlineData("ByConstraint`1", "", "Thing")]
    [InlineData("ByConstraintOfMethod", "Run", "Thing")]
    [InlineData("ByAttribute", "", "MarkAttribute")]
    [InlineData("ByAttributeOfField", "field", "MarkAttribute")]
    [InlineData("ByAttributeOfProperty", "Property", "MarkAttribute")]
    [InlineData("ByAttributeOfEvent", "Happened", "MarkAttribute")]
    [InlineData("ByAttributeOfMethod", "Run", "MarkAttribute")]
    [InlineData("ByAttributeOfParameter", "Run", "MarkAttribute")]
    [InlineData("ByAttributeOfResult", "Run", "MarkAttribute")]
    [InlineData("ByAttributeOfGenericParameter`1", "", "MarkAttribute")]
    [InlineData("ByAttributeArgument", "", "Thing")]
    [InlineData("ByNamedAttributeArgument", "", "Thing")]
    [InlineData("ByEnumInAttribute", "", "Size")]
    [InlineData("ByField", "field", "Thing")]
    [InlineData("ByArrayField", "field", "Thing")]
    [InlineData("ByGenericField", "field", "Thing")]
    [InlineData("ByPointerField", "field", "Size")]
    [InlineData("ByFunctionPointerField", "field", "Thing")]
    [InlineData("ByNestedTypeOfField", "field", "Thing")]
    [InlineData("ByProperty", "Property", "Thing")]
    [InlineData("ByEvent", "Happened", "Thing")]
    [InlineData("ByParameter", "Run", "Thing")]
    [InlineData("ByRefParameter", "Run", "Size")]
    [InlineData("ByResult", "Run", "Thing")]
    [InlineData("ByDelegate", "Invoke", "Thing")]
    [InlineData("ByRecord", "Parameter", "Thing")]
    [InlineData("ByNested", "Inner.field", "Thing")]
    [InlineData("ByNew", "Run", "Thing")]
    [InlineData("ByCall", "Run", "Thing")]
    [InlineData("ByGenericCall", "Run", "Thing")]
    [InlineData("ByCallOfGenericType", "Run", "Thing")]
    [InlineData("ByFieldAccess", "Run", "Box`1")]
    [InlineData("ByTypeof", "Run", "Thing")]
    [InlineData("ByOpenTypeof", "Run", "Box`1")]
    [InlineData("ByCast", "Run", "Thing")]
    [InlineData("ByTest", "Run", "Thing")]
    [InlineData("ByBoxing", "Run", "Size")]
    [InlineData("ByArray", "Run", "Thing")]
    [InlineData("ByLocal", "Run", "Thing")]
    [InlineData("ByCatch", "Run", "Thing")]
    [InlineData("ByMethodGroup", "Run", "Thing")]
    [InlineData("ByCallThroughPointer", "Run", "Thing")]
    [InlineData("AfterSwitch", "Run", "Thing")]
    [InlineData("ByLambda", "Run", "Thing")]
    [InlineData("ByStaticLambda", "Run", "Thing")]
    [InlineData("ByLocalFunction", "Run", "Thing")]
    [InlineData("ByIterator", "Run", "Thing")]
    [InlineData("ByAsync", "Run", "Thing")]
    [InlineData("ByAsyncLambda", "Run", "Thing")]
    [InlineData("ByInitialiser", ".ctor", "Thing")]
    [InlineData("ByStaticInitialiser", ".cctor", "Thing")]
    public void Sees_a_use_and_the_member_that_makes_it(string user, string member, string used) =>
        Assert.Contains(new TypeUse(new(assembly, "Sample.High", user), member, new(assembly, "Sample.Low", used)), uses);

    [Fact]
    public void Sees_every_sample()
    {
        string[] samples = [.. typeof(TypeUsesTests).Assembly.GetTypes().Where(type => type is { Namespace: "Sample.High", IsNested: false }).Select(type => type.Name)];
        string[] seen = [.. uses.Where(use => use is { User.Namespace: "Sample.High", Used.Namespace: "Sample.Low" }).Select(use => use.User.Name).Distinct()];
        Assert.Equal(["ArgumentAttribute", "ByNothing", "Lists"], samples.Except(seen).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sees_nothing_where_a_type_is_only_named() => Assert.Equal(["DefaultInterpolatedStringHandler", "Environment", "Object"],
        uses.Where(use => use.User.Name == "ByNothing" && use.Used.Namespace.StartsWith("System", StringComparison.Ordinal) && !use.Used.Name.EndsWith("Attribute", StringComparison.Ordinal))
            .Select(use => use.Used.Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Closures_iterators_and_asynchronous_methods_are_not_types_of_their_own() =>
        Assert.DoesNotContain(uses, use => use.ToString().Contains('<', StringComparison.Ordinal));

    [Fact]
    public void A_type_of_another_assembly_is_named_with_it() =>
        Assert.Contains(uses, use => use is { User.Name: nameof(TypeUsesTests), Used: { Assembly: "xunit.v3.core", Name: nameof(TheoryAttribute) } });

    [Fact]
    public void No_type_uses_itself() => Assert.DoesNotContain(uses, use => use.User == use.Used);
}
