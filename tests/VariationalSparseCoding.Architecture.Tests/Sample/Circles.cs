#pragma warning disable CA1812, CA1822, CA1852, IDE0051 // Declared to be read.

namespace Sample.Cellar
{
    /// <summary>The lowest type, which should use nothing above it but does so in one lambda.</summary>
    internal class Coal
    {
        public Func<object> Warm() => () => new Floor.Table();
    }
}

namespace Sample.Floor
{
    internal class Table
    {
        public object Stand() => new Cellar.Coal();
    }
}

namespace Sample.Roof
{
    internal class Tile
    {
        public object Lie() => new Floor.Table();
    }
}
