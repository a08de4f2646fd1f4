using BenchmarkDotNet.Running;
using Koalarization.Benchmarks;
using Koalarization.Benchmarks.Imaging;

// `-- resize FOLDER [PASSES]` measures whole pictures, one thread, `-- inception` the network against ONNX Runtime,
// `-- lab-batch [PICTURES] [ROUNDS] [PRECISION]` the whole command against ONNX Runtime's network alone;
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
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
