namespace Koalarization.Testing;

/// <summary>A folder for one test. It is removed even if work that the test did not wait for still puts a last file into it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Path { get; } = Directory.CreateTempSubdirectory("koala-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (!SpinWait.SpinUntil(TryRemove, Patience))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private bool TryRemove()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return !Directory.Exists(Path);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
