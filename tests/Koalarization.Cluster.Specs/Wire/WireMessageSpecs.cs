using System.Runtime.Serialization;
using Akka.Serialization;
using FsCheck.Xunit;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Wire;

/// <summary>Every message that may cross between nodes has a manifest of its own, and comes out as it went in.</summary>
public sealed class WireMessageSpecs : IClassFixture<SerializingSystem>
{
    private readonly Serialization _serialization;

    public WireMessageSpecs(SerializingSystem system) => _serialization = system.Serialization;

    public static TheoryData<string> Messages => [.. WireMessages.Types.Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_has_a_manifest_of_two_letters_and_comes_out_as_it_went_in(string name)
    {
        Type type = typeof(IWireMessage).Assembly.GetType(name)!;
        for (int seed = 0; seed < 50; seed++)
        {
            object message = WireMessages.Make(type, seed);

            Assert.Matches("^[A-Z]{2}$", Koala(message).Manifest(message));
            Assert.Equal(Structure.Of(message), Structure.Of(RoundTrip(message)));
        }
    }

    [Property]
    public void Any_messages_come_out_as_they_went_in(int seed, byte choice)
    {
        object message = WireMessages.Make(WireMessages.Types[choice % WireMessages.Types.Count], seed);

        Assert.Equal(Structure.Of(message), Structure.Of(RoundTrip(message)));
    }

    [Fact]
    public void No_manifest_is_given_twice_and_nothing_else_has_one()
    {
        Assert.Equal(WireMessages.Types.Count, WireEntries.All.Count);
        Assert.Equal(WireEntries.All.Count, WireEntries.All.Select(entry => entry.Manifest).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(WireMessages.Types.ToHashSet(), WireEntries.ByType.Keys.ToHashSet());
    }

    [Fact]
    public void A_message_without_a_manifest_is_refused()
    {
        SerializationException refused = Assert.Throws<SerializationException>(() => _serialization.Serialize(new Unregistered("x")));

        Assert.Contains(nameof(Unregistered), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_wire_message_is_refused()
    {
        Assert.IsType<RefusingSerializer>(_serialization.FindSerializerForType(typeof(Version)));
        Assert.Throws<SerializationException>(() => _serialization.Serialize(new Version(1, 2)));
    }

    [Fact]
    public void A_message_that_is_too_large_is_refused_where_it_is_sent()
    {
        var large = new ImagesEmbedded(new RequestId("c", 1), new byte[KoalaSerializer.MaxBytes], [], new EmbedWindow("e", 1, null, 0, 0, 0));

        Assert.Contains("120000", Assert.Throws<SerializationException>(() => _serialization.Serialize(large)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EL")]
    [InlineData("EW")]
    [InlineData("FH")]
    [InlineData("FU")]
    public void A_message_of_an_earlier_version_is_read_as_one_that_is_ignored(string manifest)
    {
        Assert.Equal(new RetiredMessage(manifest), Koala(new JobsProtocol.GetJobs()).FromBinary([0x0A, 0x7F], manifest));
        Assert.DoesNotContain(manifest, WireEntries.ByManifest.Keys);
    }

    [Fact]
    public void The_window_of_an_earlier_versions_grant_is_read()
    {
        // Incarnation "e", sequence 2, slots 32, 100 pictures a second, 16 queued: as the version before wrote it.
        byte[] stored = [0x0A, 0x12, 0x0A, 0x01, 0x65, 0x10, 0x02, 0x20, 0x20, 0x29, 0, 0, 0, 0, 0, 0, 0x59, 0x40, 0x30, 0x10];

        Assert.Equal(new WindowAnnounced(new EmbedWindow("e", 2, Key: null, 32, 100, 16)), Koala(new JobsProtocol.GetJobs()).FromBinary(stored, "EG"));
    }

    /// <summary>Messages as version 0.1.0 wrote them: a manifest and the bytes in hexadecimal, a line each.</summary>
    [Fact]
    public void Messages_of_an_earlier_version_are_read_without_loss_or_ignored()
    {
        KoalaSerializer koala = Koala(new JobsProtocol.GetJobs());
        string[] stored = File.ReadAllLines(Path.Combine(Golden.Folder, "..", "Koalarization.Cluster.Specs", "Wire", "messages-0.1.0.txt"));

        Assert.All(stored, line =>
        {
            (string manifest, byte[] bytes) = (line[..2], Convert.FromHexString(line[2..].Trim()));
            object message = koala.FromBinary(bytes, manifest);
            if (!WireEntries.RetiredManifests.Contains(manifest))
            {
                Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(koala.ToBinary(message)));
            }
        });
        Assert.Equal(34, stored.Select(line => line[..2]).Distinct().Count());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void A_rate_that_answers_in_JSON_cannot_have_is_refused(double rate)
    {
        var node = (JobsProtocol.RegisterNode)WireMessages.Make(typeof(JobsProtocol.RegisterNode), 1);
        KoalaSerializer koala = Koala(node);
        foreach (JobsProtocol.NodeRates rates in (JobsProtocol.NodeRates[])[node.Rates with { Embedded = rate }, node.Rates with { DeviceBusy = rate }, node.Rates with { StoreBusy = rate }])
        {
            byte[] bytes = koala.ToBinary(node with { Rates = rates });
            Assert.Throws<SerializationException>(() => koala.FromBinary(bytes, koala.Manifest(node)));
        }
    }

    [Fact]
    public void What_a_later_version_says_a_job_is_bound_by_is_left_out_and_the_rest_is_read()
    {
        var status = (JobsProtocol.JobStatus)WireMessages.Make(typeof(JobsProtocol.JobStatus), 1);
        KoalaSerializer koala = Koala(status);

        // Field 20 is 99: of several the last counts.
        byte[] bytes = [.. koala.ToBinary(status with { BoundBy = JobsProtocol.JobBound.Store }), 0xA0, 0x01, 99];
        Assert.Equal(Structure.Of(status with { BoundBy = null }), Structure.Of(koala.FromBinary(bytes, koala.Manifest(status))));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Whatever_bytes_come_they_are_a_message_or_refused(string name)
    {
        Type type = typeof(IWireMessage).Assembly.GetType(name)!;
        object message = WireMessages.Make(type, 1);
        (KoalaSerializer koala, string manifest) = (Koala(message), Koala(message).Manifest(message));
        byte[] bytes = koala.ToBinary(message);
        var random = new Random(1);
        IEnumerable<byte[]> damaged = Enumerable.Range(0, 300).Select(_ =>
        {
            byte[] copy = [.. bytes.Take(random.Next(bytes.Length + 1))];
            for (int flips = random.Next(4); flips > 0 && copy.Length > 0; flips--)
            {
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            }

            return copy;
        });
        Assert.All(damaged.Prepend([]), content =>
        {
            Exception? refused = Record.Exception(() => koala.FromBinary(content, manifest));
            Assert.True(refused is null or SerializationException, refused?.ToString());
        });
    }

    [Theory]
    [InlineData("FL", new byte[0])]
    [InlineData("FS", new byte[0])]
    [InlineData("FN", new byte[] { 0x0A, 0x01, 0x61, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })] // round -1
    [InlineData("WR", new byte[0])]
    [InlineData("WW", new byte[0])]
    [InlineData("EI", new byte[0])]
    [InlineData("EE", new byte[0])]
    [InlineData("EG", new byte[0])]
    [InlineData("JS", new byte[0])]
    public void A_message_without_one_of_its_parts_or_with_a_count_below_0_is_refused(string manifest, byte[] bytes) =>
        Assert.Throws<SerializationException>(() => Koala(new JobsProtocol.GetJobs()).FromBinary(bytes, manifest));

    [Fact]
    public void A_manifest_of_another_version_is_an_error_that_names_it()
    {
        KoalaSerializer koala = Koala(new JobsProtocol.GetJobs());

        Assert.Contains("'ZZ'", Assert.Throws<SerializationException>(() => koala.FromBinary([], "ZZ")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FN", new byte[] { 0x0A, 0x02, 0x21, 0x21 })] // a job named !!
    [InlineData("FN", new byte[] { 0x0A, 0x7F, 0x21 })] // cut short
    public void A_message_that_cannot_be_read_is_an_error_that_names_it(string manifest, byte[] bytes)
    {
        KoalaSerializer koala = Koala(new JobsProtocol.GetJobs());

        Assert.Contains($"'{manifest}'", Assert.Throws<SerializationException>(() => koala.FromBinary(bytes, manifest)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_of_a_message_are_these()
    {
        var message = new FetchProtocol.RequestSlices(
            new NodeOwner("host-boot-word"), 2, [new FetchProtocol.ActiveSlice(new SliceId(new JobId("birds"), 1, 300), 7, 42)]);

        // 1: owner; 2: room; 3: what is held, of which 1: the slice (1: job, 2: round, 3: slice), 2: epoch, 3: progress.
        Assert.Equal(
            "0A0E686F73742D626F6F742D776F7264" + "1002" + "1A12" + "0A0C" + "0A056269726473" + "1001" + "18AC02" + "1007" + "182A",
            Convert.ToHexString(Koala(message).ToBinary(message)));
        Assert.Equal("FR", Koala(message).Manifest(message));
        Assert.Equal(8650, Koala(message).Identifier);
    }

    private KoalaSerializer Koala(object message) => Assert.IsType<KoalaSerializer>(_serialization.FindSerializerFor(message));

    private object RoundTrip(object message)
    {
        KoalaSerializer koala = Koala(message);
        return koala.FromBinary(koala.ToBinary(message), koala.Manifest(message));
    }

    private sealed record Unregistered(string Text) : IWireMessage;
}
