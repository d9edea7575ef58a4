using Xunit.Sdk;
using Xunit.v3;

// Garbage collection that one test causes can free TorchSharp's implicit scalars under another test's native call; and some tests
// start processes, wait for signals, or set what belongs to the whole process.
[assembly: Parallelization(Mode = ParallelMode.None)]
