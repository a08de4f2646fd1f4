using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Koalarization.Integration;

/// <summary>A user goes on with what another one's killed run left, in a folder that both may write to.</summary>
[SupportedOSPlatform("linux")]
public sealed class AnotherUserStepTests : IDisposable
{
    private const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;
    private const int UnprivilegedUser = 65534;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [OtherUsersFact]
    public async Task A_record_that_another_user_committed_is_completed_although_it_may_not_be_linked()
    {
        File.SetUnixFileMode(_folder.Path, Everyone);
        string output = Directory.CreateDirectory(_folder["out"]).FullName, pictures = Directory.CreateDirectory(_folder["pictures"]).FullName;
        File.SetUnixFileMode(output, Everyone);
        foreach (string file in Directory.GetFiles(Golden.PathOf("resized_299x299/files")).Take(3))
        {
            File.Copy(file, Path.Combine(pictures, Path.GetFileName(file)));
        }

        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, Words)).ExitCode);
        IReadOnlyDictionary<string, string> whole = KillMoments.Everything(output);

        // As a run leaves it that was killed between the manifest and the final name of its last record.
        string sha256 = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(output, ".koala/records/1.json"))).RootElement.GetProperty("sha256").GetString()!;
        File.Move(Path.Combine(output, "lab_images_1.tfrecord"), Path.Combine(output, $".koala/records/1.{sha256}.data"), overwrite: false);
        Directory.CreateDirectory(Path.Combine(output, ".koala/tmp/dead"));
        File.SetUnixFileMode(Path.Combine(output, ".koala/tmp"), Everyone);

        using Process process = KoalaProcess.StartAs(UnprivilegedUser, UnprivilegedUser, _folder.Path, Words);
        process.StandardInput.Close();
        KoalaRun other = await KoalaProcess.EndAsync(process);

        Assert.Equal((0, ""), (other.ExitCode, other.Errors));
        Assert.Equal(whole.OrderBy(file => file.Key, StringComparer.Ordinal), KillMoments.Everything(output).OrderBy(file => file.Key, StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(output, ".koala/tmp")));
    }

    private static string[] Words => ["lab-batch", "pictures", "out", "--device", "simulated", "-b", "2", "--json"];
}
