using System.Diagnostics;
using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>A data set in a folder of a group, begun by one of its users and finished by another.</summary>
public sealed class AnotherUsersRunTests : IAsyncLifetime
{
    private const int Group = 12000;
    private const int First = 12001;
    private const int Second = 12002;

    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(80));
        Directory.CreateDirectory(_folder["data"]);
        Sh($"chmod 755 {_folder.Path}; chgrp {Group} {_folder["data"]}; chmod 2775 {_folder["data"]}");
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [OtherUsersFact]
    public async Task Another_user_of_the_group_resumes_a_run()
    {
        _web.Gate = new TaskCompletionSource();
        using Process killed = KoalaProcess.StartAs(First, Group, _folder.Path, Words);
        killed.StandardInput.Close();
        Assert.True(SpinWait.SpinUntil(() => _web.Requests > 0, TimeSpan.FromMinutes(1)));
        killed.Kill();
        await KoalaProcess.EndAsync(killed);
        _web.Gate.SetResult();
        _web.Gate = null;

        KoalaRun resumed = await RunAsync(Second);

        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Errors));
        Assert.Equal(50, resumed.Event("run_done").GetProperty("kept").GetInt32());
        Assert.Empty(Tree.Temporary(_folder["data"]));
    }

    [OtherUsersFact]
    public async Task A_record_that_another_user_committed_and_did_not_name_is_completed()
    {
        await RunAsync(First);
        var before = Tree.OfResults(_folder["data"]);
        string sha256 = JsonDocument.Parse(File.ReadAllBytes(_folder["data/.koala/records/0.json"])).RootElement.GetProperty("sha256").GetString()!;
        Sh($"cd {_folder["data"]} && mv tfrecords/lab_images_0.tfrecord .koala/records/0.{sha256}.data && rm .koala/rounds/1.closed.json");

        KoalaRun completed = await RunAsync(Second);

        Assert.Equal((0, ""), (completed.ExitCode, completed.Errors));
        Assert.Equal(before, Tree.OfResults(_folder["data"]));
        Assert.Empty(Tree.Temporary(_folder["data"]));
    }

    private static string[] Words =>
        ["run", "links.txt", "data", "--allow-private", "--json", "--device", "simulated", "--batch-size", "20"];

    private static void Sh(string line)
    {
        using var shell = Process.Start("sh", ["-c", line]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private async Task<KoalaRun> RunAsync(int user)
    {
        using Process process = KoalaProcess.StartAs(user, Group, _folder.Path, Words);
        process.StandardInput.Close();
        return await KoalaProcess.EndAsync(process);
    }
}
