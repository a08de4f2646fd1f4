namespace Koalarization.Cluster.Specs;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("koala-spec-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => FolderRemoval.Remove(Path);
}
