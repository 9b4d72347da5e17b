// Counters belong to the process; tests read how far one moved, so they follow one another.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
