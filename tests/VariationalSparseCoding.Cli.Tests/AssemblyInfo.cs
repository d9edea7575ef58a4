// Tests here start processes, wait for signals and set the number of threads of the tensor library, which is the whole process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
