using System.Xml.Linq;

namespace Koalarization.Integration;

/// <summary>Holds the direction of dependencies: pure libraries below, what wires them above.</summary>
public sealed class DependencyDirectionTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new()
    {
        ["Koalarization.Imaging"] = [],
        ["Koalarization.Records"] = [],
        ["Koalarization.Checkpoints"] = ["Koalarization.Records"],
        ["Koalarization.Inception"] = ["Koalarization.Checkpoints"],
        ["Koalarization.Harvest"] = [],
        ["Koalarization.Dataset"] = ["Koalarization.Imaging", "Koalarization.Records"],
        ["Koalarization.Pipeline"] = ["Koalarization.Imaging", "Koalarization.Records", "Koalarization.Harvest", "Koalarization.Dataset"],
        ["Koalarization.Cluster"] = ["Koalarization.Imaging", "Koalarization.Records", "Koalarization.Harvest", "Koalarization.Dataset", "Koalarization.Pipeline"],
        ["Koalarization.Cluster.PetabridgeCmd"] = ["Koalarization.Cluster"],
        ["Koala.Demo"] = ["Koalarization.Harvest"],
        ["Koala"] =
        [
            "Koala.Demo",
            "Koalarization.Imaging", "Koalarization.Records", "Koalarization.Checkpoints", "Koalarization.Inception",
            "Koalarization.Harvest", "Koalarization.Dataset", "Koalarization.Pipeline", "Koalarization.Cluster", "Koalarization.Cluster.PetabridgeCmd",
        ],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Koalarization.Imaging"] = ["SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
        ["Koalarization.Records"] = [],
        ["Koalarization.Checkpoints"] = ["Snappier"],
        ["Koalarization.Inception"] = ["TorchSharp", "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux"],
        ["Koalarization.Harvest"] = ["Parquet.Net", "ZstdSharp.Port"],
        ["Koalarization.Dataset"] = [],
        ["Koalarization.Pipeline"] = [],
        ["Koalarization.Cluster"] = ["Akka.Cluster.Hosting", "Akka.Streams", "Google.Protobuf", "Grpc.Tools", "Microsoft.Extensions.Hosting"],
        ["Koalarization.Cluster.PetabridgeCmd"] = ["Petabridge.Cmd.Cluster", "Petabridge.Cmd.Cluster.Sharding", "Petabridge.Cmd.Host", "Petabridge.Cmd.Remote"],
        ["Koala.Demo"] = ["SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
        ["Koala"] = ["Akka.Streams", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting", "System.CommandLine", "ZstdSharp.Port"],
    };

    public static TheoryData<string> SourceProjects =>
        [.. Directory.GetFiles(SourceFolder, "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)!)];

    private static string SourceFolder => Path.GetFullPath(Path.Combine(Golden.Folder, "..", "..", "src"));

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Projects_depend_downwards_only(string project) =>
        Assert.Empty(References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Except(AllowedProjects[project]));

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Packages_are_those_that_the_project_may_know(string project) =>
        Assert.Empty(References(project, "PackageReference").Except(AllowedPackages[project]));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(SourceFolder, project, project + ".csproj"))
            .Descendants(kind)
            .Select(reference => reference.Attribute("Include")!.Value);
}
