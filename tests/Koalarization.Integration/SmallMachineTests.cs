using System.Buffers;
using System.Diagnostics;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Integration.Runs;

namespace Koalarization.Integration;

/// <summary>A container of 320 MB and half a core, which is a control group here.</summary>
public sealed class SmallMachineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ControlGroupsFact]
    public async Task It_makes_the_set_of_a_large_machine()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        foreach (string picture in Directory.GetFiles(Golden.PathOf("pictures")))
        {
            File.Copy(picture, _folder["pictures/" + Path.GetFileName(picture)]);
        }

        // Each takes 36 MB to decode, or 84 without libturbojpeg; one after the other they fit.
        for (int i = 0; i < 4; i++)
        {
            WritePicture($"pictures/large{i}.jpeg", 4000, 3000);
        }

        string[] words = ["run", "pictures", "small", "--device", "simulated:1000", "--batch-size", "20", "--image-name-prefix", "p/"];
        KoalaRun small = await RunSmallAsync(words);
        Assert.True(small.ExitCode == 0, small.Output + small.Errors);
        words[2] = "large";
        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, words)).ExitCode);
        Assert.Equal(Tree.OfResults(_folder["large"]), Tree.OfResults(_folder["small"]));
    }

    [ControlGroupsFact]
    public async Task A_picture_that_does_not_fit_is_refused_with_what_it_takes_and_the_others_are_kept()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        File.Copy(Golden.PathOf("pictures/cat_300x299.jpeg"), _folder["pictures/cat.jpeg"]);
        WritePicture("pictures/huge.jpeg", 10000, 10000);
        KoalaRun run = await RunSmallAsync("run", "pictures", "data", "--until", "resize", "--json");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(1, run.Event("run_done").GetProperty("failed").GetProperty("too_many_pixels").GetInt32());
        Assert.True(File.Exists(_folder["data/resized/cat.jpeg"]));

        // A larger machine takes it in a further round.
        KoalaRun later = await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--until", "resize", "--retry-failed");
        Assert.True(later.ExitCode == 0 && File.Exists(_folder["data/resized/huge.jpeg"]), later.Output + later.Errors);
    }

    private void WritePicture(string name, int width, int height)
    {
        using Picture picture = Picture.Rent(width, height, 3);
        picture.Pixels.Fill(200);
        picture.Pixels[..(picture.Pixels.Length / 2)].Fill(90);
        var jpeg = new ArrayBufferWriter<byte>();
        JpegCodecs.Default.Encode(picture, 75, jpeg);
        File.WriteAllBytes(_folder[name], jpeg.WrittenSpan);
    }

    private async Task<KoalaRun> RunSmallAsync(params string[] words)
    {
        using var group = new ControlGroup(memoryBytes: 320 << 20, cores: 0.5);
        using Process process = KoalaProcess.StartOther("sh", _folder.Path, [], ["-c", $"{group.Enter} exec \"$0\" \"$@\"", KoalaProcess.Executable, .. words]);
        process.StandardInput.Close();
        return await KoalaProcess.EndAsync(process);
    }
}
