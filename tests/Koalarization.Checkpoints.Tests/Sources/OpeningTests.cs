using Koalarization.Checkpoints.Sources;

namespace Koalarization.Checkpoints.Tests.Sources;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("v1_single", "v1_single.ckpt")]
    [InlineData("v1_sharded", "v1_sharded.ckpt")]
    [InlineData("v1_sharded", "v1_sharded.ckpt-00001-of-00003")]
    [InlineData("v1_sharded", "v1_sharded.ckpt-?????-of-00003")]
    [InlineData("v2_sharded", "v2_sharded.ckpt")]
    [InlineData("v2_sharded", "v2_sharded.ckpt.index")]
    [InlineData("v2_sharded", "v2_sharded.ckpt.data-00002-of-00003")]
    [InlineData("v2_sharded", "")]
    public void Any_name_that_means_a_checkpoint_opens_it(string golden, string path)
    {
        Copy(golden);
        File.WriteAllText(_folder["graph.pbtxt"], "node { name: \"model_checkpoint_path\" }");
        using var checkpoint = Checkpoint.Open(_folder[path]);
        GoldenCheckpoint.AssertEqual(golden, checkpoint);
    }

    [Theory]
    [InlineData("model_checkpoint_path: \"v2_strings.ckpt\"\n")]
    [InlineData("all_model_checkpoint_paths: \"v1_single.ckpt\"\r\nmodel_checkpoint_path: \"/elsewhere/v2\\_strings.ckpt\"\r\n")]
    public void A_folder_s_state_file_says_which(string state)
    {
        Copy("v1_single");
        Copy("v2_strings");
        Assert.Equal(CheckpointCheck.Ambiguous, Fault(_folder.Path).Check);
        File.WriteAllText(_folder["checkpoint"], state);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        GoldenCheckpoint.AssertEqual("v2_strings", checkpoint);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Equal(CheckpointCheck.Missing, Fault(_folder["nothing.ckpt"]).Check);
        Assert.Equal(CheckpointCheck.Missing, Fault(_folder.Path).Check);
        Copy("v2_sharded");
        File.Delete(_folder["v2_sharded.ckpt.data-00001-of-00003"]);
        CheckpointException error = Fault(_folder["v2_sharded.ckpt"]);
        Assert.Equal(CheckpointCheck.Missing, error.Check);
        Assert.Equal(_folder["v2_sharded.ckpt.data-00001-of-00003"], error.File);
    }

    [Fact]
    public void An_empty_file_is_told_as_that()
    {
        File.WriteAllBytes(_folder["empty.ckpt"], []);
        Assert.Equal($"{_folder["empty.ckpt"]}: the file is empty.", Fault(_folder["empty.ckpt"]).Message);
    }

    [Fact]
    public void A_tensor_that_is_not_there_or_of_another_type_is_one_sentence()
    {
        using var checkpoint = Checkpoint.Open(GoldenCheckpoint.PathOf("v2_strings"));
        Assert.Equal(CheckpointCheck.UnknownTensor, Assert.Throws<CheckpointException>(() => checkpoint.ReadFloats("none")).Check);
        Assert.Equal(CheckpointCheck.ElementType, Assert.Throws<CheckpointException>(() => checkpoint.ReadFloats("every_type/float64", new float[15])).Check);
        Assert.Equal(CheckpointCheck.ElementType, Assert.Throws<CheckpointException>(() => checkpoint.ReadFloats("strings")).Check);
        Assert.Equal(CheckpointCheck.ElementType, Assert.Throws<CheckpointException>(() => checkpoint.ReadBytes("strings")).Check);
        Assert.Equal(CheckpointCheck.ElementType, Assert.Throws<CheckpointException>(() => checkpoint.ReadStrings("every_type/int32")).Check);
        Assert.Throws<ArgumentException>(() => checkpoint.ReadFloats("every_type/float32", new float[14]));
    }

    [Fact]
    public void The_identity_of_several_files_does_not_depend_on_their_names()
    {
        Copy("v2_sharded");
        Copy("v2_strings");
        using var first = Checkpoint.Open(_folder["v2_sharded.ckpt"]);
        foreach (string file in first.Files)
        {
            File.Copy(file, file.Replace("v2_sharded", "renamed", StringComparison.Ordinal));
        }

        using var renamed = Checkpoint.Open(_folder["renamed.ckpt"]);
        using var other = Checkpoint.Open(_folder["v2_strings.ckpt"]);
        Assert.Equal(first.Sha256, renamed.Sha256);
        Assert.NotEqual(first.Sha256, other.Sha256);
        string lines = string.Concat(first.Files.Select(file => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))) + "\n"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(lines))), first.Sha256);
    }

    [Theory]
    [InlineData("v1_single")]
    [InlineData("v2_sharded")]
    public async Task A_local_checkpoint_is_taken_as_it_is_unless_another_hash_was_expected(string golden)
    {
        Copy(golden);
        string path = _folder[golden + ".ckpt"];
        var locator = new CheckpointLocator(new HttpClient(), TimeProvider.System, new CheckpointLocatorOptions { CacheFolder = _folder["cache"] });
        Assert.Equal(new ResolvedCheckpoint(path, null), await locator.ResolveAsync(path, null, null, default));
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(checkpoint.Sha256, (await locator.ResolveAsync(path, checkpoint.Sha256, null, default)).SourceSha256);
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => locator.ResolveAsync(path, new string('0', 64), null, default));
        Assert.Equal(CheckpointCheck.Sha256, error.Check);
        Assert.False(Directory.Exists(_folder["cache"]));
    }

    [Fact]
    public void Reading_after_disposal_is_refused_and_reading_while_it_happens_is_safe()
    {
        for (int round = 0; round < 20; round++)
        {
            var checkpoint = Checkpoint.Open(GoldenCheckpoint.PathOf("v1_single"));
            using var started = new CountdownEvent(4);
            var readers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                started.Signal();
                try
                {
                    while (true)
                    {
                        checkpoint.ReadFloats("big");
                    }
                }
                catch (ObjectDisposedException)
                {
                    // The end of this thread.
                }
            })).ToList();
            readers.ForEach(reader => reader.Start());
            started.Wait();
            checkpoint.Dispose();
            readers.ForEach(reader => reader.Join());
            Assert.Throws<ObjectDisposedException>(() => checkpoint.ReadFloats("big"));
            Assert.Throws<ObjectDisposedException>(() => checkpoint.Sha256);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void Copy(string golden)
    {
        using var checkpoint = Checkpoint.Open(GoldenCheckpoint.PathOf(golden));
        foreach (string file in checkpoint.Files)
        {
            File.Copy(file, _folder[Path.GetFileName(file)]);
        }
    }

    private static CheckpointException Fault(string path) => Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
}
