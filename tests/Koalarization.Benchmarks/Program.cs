using BenchmarkDotNet.Running;
using Koalarization.Benchmarks;
using Koalarization.Benchmarks.Imaging;
using Koalarization.Benchmarks.Race;

// `-- resize FOLDER [PASSES]` measures whole pictures, one thread, `-- inception` the network against ONNX Runtime,
// `-- lab-batch [PICTURES] [ROUNDS] [PRECISION]` the whole command against ONNX Runtime's network alone;
// `-- run-start [SLICES] [ROUNDS]` the planning of a long list and the start of a run with as many finished slices;
// `-- race [--short] [--peers DIR] [ROW...]` our commands against what a user would take in their place;
// `-- dispatcher-delay [SECONDS]` how long messages wait in a node at full load, whose disk hangs every now and then;
// everything else goes to BenchmarkDotNet (`-- --filter '*Lanczos*'`).
if (args is ["resize", var folder, ..])
{
    ResizeRun.Run(folder, args.Length > 2 ? int.Parse(args[2]) : 5);
}
else if (args is ["inception", .. var rest])
{
    InceptionBenchmark.Run(rest);
}
else if (args is ["lab-batch", .. var options])
{
    LabBatchBenchmark.Run(options);
}
else if (args is ["run-start", .. var lengths])
{
    RunStartBenchmark.Run(lengths);
}
else if (args is ["race", .. var words])
{
    RaceBenchmark.Run(words);
}
else if (args is ["dispatcher-delay", .. var time])
{
    DispatcherDelayBenchmark.Run(time);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
