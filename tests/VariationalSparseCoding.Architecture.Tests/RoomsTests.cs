namespace VariationalSparseCoding.Architecture.Tests;

public class RoomsTests
{
    [Theory]
    [InlineData("VariationalSparseCoding.Kernels", "MatrixProduct", "Kernels")]
    [InlineData("VariationalSparseCoding.Experiments.Families", "Family", "Experiments")]
    [InlineData("VariationalSparseCoding", "SparseCoder", Rooms.FrontDoor)]
    [InlineData("VariationalSparseCoding", "InvalidInputException", Rooms.Ground)]
    [InlineData("Elsewhere.Kernels", "MatrixProduct", "(Elsewhere.Kernels)")]
    public void A_room_is_the_first_folder(string space, string name, string room) =>
        Assert.Equal(room, Rooms.Of(new(ProjectFile.Library, space, name)));

    [Fact]
    public void Types_of_other_assemblies_have_no_room() => Assert.Null(Rooms.Of(new("System.Runtime", "VariationalSparseCoding.Kernels", "Type")));

    [Fact]
    public void Only_rooms_before_a_room_may_be_used()
    {
        Assert.True(Rooms.MayUse("Random", "Numerics"));
        Assert.False(Rooms.MayUse("Numerics", "Random"));
        Assert.True(Rooms.MayUse(Rooms.FrontDoor, "Evaluation"));
        Assert.False(Rooms.MayUse("Evaluation", Rooms.FrontDoor));
        Assert.True(Rooms.MayUse("Numerics", Rooms.Ground));
        Assert.False(Rooms.MayUse(Rooms.Ground, "Numerics"));
    }
}
