using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;
using Microsoft.Extensions.Logging.Abstractions;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Specs.Writing;

public sealed class RecordWriterSpecs : TestKit
{
    private const string Manifest = ".koala/records/0.json";
    private const string Final = "tfrecords/lab_images_0.tfrecord";

    private static readonly NodeOwner Owner = new("spec-owner");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly SampleSet _set = new();
    private readonly SteppedTimeProvider _clock = new();
    private readonly NodeServices _parts;
    private readonly TestProbe _client;
    private readonly TestProbe _coordinator;
    private readonly TestProbe _shard;

    public RecordWriterSpecs()
    {
        _clock.TimerSet = _clock.Advance;
        _parts = new NodeServices
        {
            Stores = new NodeStores(_set.Root, Owner),
            Codec = JpegCodecs.Default,
            CodecFingerprint = SampleSet.Job.CodecFingerprint,
            MaxPixels = 1_000_000,
            Epochs = new EpochGuard((_, _) => true),
            Listener = new SilentListener(),
            Time = _clock,
            Cores = 2,
        };
        _client = CreateTestProbe();
        _coordinator = CreateTestProbe();
        _shard = CreateTestProbe();
    }

    [Fact]
    public void Writes_every_picture_with_its_own_logits_in_order_whatever_order_the_answers_come_in()
    {
        IActorRef writer = NewWriter();
        writer.Tell(SampleSet.Write());
        EmbedForRecord[] groups = [.. AskedFor(3)];
        Assert.Equal([16, 16, 8], groups.Select(group => group.Images.Count));
        foreach ((EmbedForRecord group, IActorRef asker) in _asked.AsEnumerable().Reverse())
        {
            asker.Tell(SampleLogits.Answer(group));
        }

        RecordCommitted written = Ends<RecordCommitted>();
        Assert.Equal((SampleSet.Pictures, 0), (written.Pictures, written.LeftOut));
        Assert.Equal(
            Enumerable.Range(0, SampleSet.Pictures).Select(i => ($"{SampleSet.Prefix}{i:D4}.jpeg", (float)i, (float)i)),
            _set.ReadRecord(0));
        Assert.Equal(new RecordOrigin(1, 0, 1, 0, SampleSet.Pictures), RecordManifest.Find(_set.Store(), 0)!.Origin);
        Assert.Equal([Manifest, Final], _set.RecordFiles());
        _shard.ExpectMsg<Passivate>(Timeout);
    }

    [Fact]
    public void Asks_for_the_network_of_the_data_set_and_pictures_by_name_and_hash()
    {
        NewWriter().Tell(SampleSet.Write());
        EmbedForRecord first = AskedFor(1)[0];
        Assert.Equal(new EmbedKey("simulated", "fp32", SampleSet.Job.CodecFingerprint), first.Key);
        Assert.Equal((SampleSet.Data, false), (first.Data, first.FansOut));
        Assert.Equal((_set.Rows[0].Name, _set.Rows[0].Resized!.Sha256), (first.Images[0].Name, first.Images[0].Sha256));
    }

    [Fact]
    public void A_picture_that_does_not_decode_although_its_hash_is_right_is_left_out_by_name()
    {
        _set.Replace(17, Golden.Bytes("bad/truncated_half.jpeg"));
        NewWriter().Tell(SampleSet.Write());
        AskedFor(3);
        foreach ((EmbedForRecord group, IActorRef asker) in _asked)
        {
            int place = group.Images.ToList().FindIndex(image => image.Name == "0017.jpeg");
            asker.Tell(place < 0 ? SampleLogits.Answer(group) : SampleLogits.Answer(group, place));
        }

        RecordCommitted written = Ends<RecordCommitted>();
        Assert.Equal((SampleSet.Pictures - 1, 1), (written.Pictures, written.LeftOut));
        Assert.Equal(Enumerable.Range(0, SampleSet.Pictures).Where(i => i != 17).Select(i => (float)i), _set.ReadRecord(0).Select(picture => picture.LastLogit));
        LeftOutPicture leftOut = Assert.Single(RecordManifest.Find(_set.Store(), 0)!.LeftOut);
        Assert.Equal(("0017.jpeg", "damaged"), (leftOut.Name, leftOut.Reason));
    }

    [Fact]
    public void A_node_with_another_JPEG_library_writes_no_record_and_says_why()
    {
        NewWriter(_parts with { CodecFingerprint = new string('0', 64) }).Tell(SampleSet.Write());
        RecordFailed failed = Ends<RecordFailed>();
        Assert.False(failed.IsFinal);
        Assert.Contains("another JPEG library", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(_set.RecordFiles());
    }

    [Fact]
    public void Whoever_comes_later_is_told_of_the_record_that_stands_and_asks_for_nothing()
    {
        RecordCommitted first = WriteWhole();
        NewWriter().Tell(SampleSet.Write());
        Assert.Equal(first with { Owner = Owner }, Ends<RecordCommitted>());
        _client.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_record_that_was_committed_and_not_finished_gets_its_name()
    {
        RecordCommitted first = WriteWhole();
        File.Move(_set.Record(0), _set.PathOf(RecordLayout.Data(0, first.Sha256)));
        NewWriter().Tell(SampleSet.Write());
        Assert.Equal(first.Sha256, Ends<RecordCommitted>().Sha256);
        Assert.Equal([Manifest, Final], _set.RecordFiles());
    }

    [Fact]
    public void Of_two_writers_of_one_record_the_first_wins_and_both_say_the_same()
    {
        IActorRef one = NewWriter(), other = NewWriter(new NodeStores(_set.Root, new NodeOwner("other-owner")));
        one.Tell(SampleSet.Write());
        AskedFor(3);
        (EmbedForRecord Group, IActorRef Asker)[] asked = [.. _asked];
        _asked.Clear();
        other.Tell(SampleSet.Write());
        AskedFor(3);
        foreach ((EmbedForRecord group, IActorRef asker) in _asked)
        {
            // Another device's logits are another record's bytes.
            EmbeddingsReady ready = SampleLogits.Answer(group);
            byte[] logits = ready.Logits.ToArray();
            Array.Clear(logits);
            asker.Tell(ready with { Logits = logits });
        }

        RecordCommitted won = Ends<RecordCommitted>();
        foreach ((EmbedForRecord group, IActorRef asker) in asked)
        {
            asker.Tell(SampleLogits.Answer(group));
        }

        RecordCommitted lost = Ends<RecordCommitted>();
        Assert.Equal(won.Sha256, lost.Sha256);
        Assert.All(_set.ReadRecord(0), picture => Assert.Equal(0, picture.LastLogit));
        Assert.Equal([Manifest, Final], _set.RecordFiles());
    }

    [Fact]
    public void Asked_again_it_says_how_far_it_is()
    {
        IActorRef writer = NewWriter();
        writer.Tell(SampleSet.Write());
        AskedFor(3);
        _asked[0].Asker.Tell(SampleLogits.Answer(_asked[0].Group));
        AwaitAssert(
            () =>
            {
                writer.Tell(SampleSet.Write());
                Assert.Equal(16, _coordinator.FishForMessage<RecordProgress>(_ => true, Timeout).Embedded);
            },
            Timeout);
    }

    [Fact]
    public void What_cannot_be_read_is_tried_for_a_minute_and_then_left_to_another_writer()
    {
        _client.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell(new EmbeddingFailed((EmbedForRecord)message, "0003.jpeg has another hash"));
            return AutoPilot.KeepRunning;
        }));
        NewWriter().Tell(SampleSet.Write());
        RecordFailed failed = Ends<RecordFailed>();
        Assert.False(failed.IsFinal);
        Assert.Contains("0003.jpeg", failed.Reason, StringComparison.Ordinal);
        Assert.True(_clock.Elapsed >= TransientReadRetry.DefaultTotal);
        Assert.Empty(_set.RecordFiles());
    }

    [Fact]
    public void A_picture_that_comes_into_sight_late_is_waited_for()
    {
        byte[] jpeg = File.ReadAllBytes(_set.PictureOf(20));
        File.Delete(_set.PictureOf(20));
        _clock.TimerSet = wait =>
        {
            _clock.Advance(wait);
            if (_clock.Elapsed >= TimeSpan.FromSeconds(10) && !File.Exists(_set.PictureOf(20)))
            {
                File.WriteAllBytes(_set.PictureOf(20), jpeg);
            }
        };
        AnswerAll();
        NewWriter().Tell(SampleSet.Write());
        Assert.Equal(SampleSet.Pictures, Ends<RecordCommitted>().Pictures);
    }

    [Fact]
    public void A_picture_that_is_not_as_it_was_written_is_never_left_out()
    {
        File.WriteAllBytes(_set.PictureOf(20), Golden.Bytes("bad/truncated_half.jpeg"));
        AnswerAll();
        NewWriter().Tell(SampleSet.Write());
        RecordFailed failed = Ends<RecordFailed>();
        Assert.False(failed.IsFinal);
        Assert.Contains("0020.jpeg", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(_set.RecordFiles());
    }

    [Fact]
    public void A_foreign_file_under_the_records_name_is_nobodys_to_replace()
    {
        Directory.CreateDirectory(_set.PathOf("tfrecords"));
        File.WriteAllText(_set.Record(0), "mine");
        AnswerAll();
        NewWriter().Tell(SampleSet.Write());
        Assert.True(Ends<RecordFailed>().IsFinal);
        Assert.Equal("mine", File.ReadAllText(_set.Record(0)));
    }

    [Fact]
    public void An_abandoned_record_leaves_nothing()
    {
        IActorRef writer = NewWriter();
        writer.Tell(SampleSet.Write());
        AskedFor(3);
        _asked[0].Asker.Tell(SampleLogits.Answer(_asked[0].Group));
        writer.Tell(new AbandonRecord(SampleSet.Write().Record));
        _shard.ExpectMsg<Passivate>(Timeout);
        Assert.Empty(_set.RecordFiles());
    }

    [Fact]
    public void Leaving_before_all_logits_are_there_drops_the_record()
    {
        IActorRef writer = NewWriter();
        writer.Tell(SampleSet.Write());
        AskedFor(3);
        _asked[0].Asker.Tell(SampleLogits.Answer(_asked[0].Group));
        _asked[1].Asker.Tell(SampleLogits.Answer(_asked[1].Group));
        Watch(writer);
        writer.Tell(RecordWriter.StopWriting.Instance);
        ExpectTerminated(writer, Timeout);
        Assert.Empty(_set.RecordFiles());
    }

    [Fact]
    public void Leaving_with_all_logits_ends_the_record_first()
    {
        IActorRef writer = NewWriter();
        writer.Tell(SampleSet.Write());
        AskedFor(3);
        foreach ((EmbedForRecord group, IActorRef asker) in _asked)
        {
            asker.Tell(SampleLogits.Answer(group));
        }

        AwaitCondition(
            () =>
            {
                writer.Tell(SampleSet.Write());
                return _coordinator.FishForMessage<IWireMessage>(_ => true, Timeout) is RecordProgress { Embedded: SampleSet.Pictures } or RecordCommitted;
            },
            Timeout);
        Watch(writer);
        writer.Tell(RecordWriter.StopWriting.Instance);
        ExpectTerminated(writer, Timeout);
        Assert.Equal([Manifest, Final], _set.RecordFiles());
    }

    [Fact]
    public void An_earlier_epochs_coordinator_is_not_heard()
    {
        _parts.Epochs.Accepts(SampleSet.Data, 7);
        NewWriter().Tell(SampleSet.Write(epoch: 6));
        _shard.ExpectMsg<Passivate>(Timeout);
        _client.ExpectNoMsg(TimeSpan.Zero);
        _coordinator.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_failure_that_nobody_foresaw_is_tried_again_and_told_at_last()
    {
        int asked = 0;
        _client.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            Interlocked.Increment(ref asked);
            sender.Tell(new Status.Failure(new NotSupportedException("an unforeseen error")));
            return AutoPilot.KeepRunning;
        }));
        NewWriter().Tell(SampleSet.Write());
        RecordFailed failed = Ends<RecordFailed>();
        Assert.False(failed.IsFinal);
        Assert.Contains("an unforeseen error", failed.Reason, StringComparison.Ordinal);
        Assert.True(asked >= 3);
        Assert.Empty(_set.RecordFiles());
    }

    [Fact]
    public void The_next_record_asks_when_the_last_pictures_of_the_one_before_are_on_their_way()
    {
        var turnstile = new EmbedTurnstile();
        IActorRef first = NewWriter(turnstile: turnstile), second = NewWriter(turnstile: turnstile);
        first.Tell(SampleSet.Write());
        AskedFor(3);
        second.Tell(SampleSet.Write(record: 1));
        Assert.Equal("0000.jpeg", AskedFor(1)[^1].Images[0].Name);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _parts.Stores.Dispose();
        _set.Dispose();
    }

    private readonly List<(EmbedForRecord Group, IActorRef Asker)> _asked = [];

    private IActorRef NewWriter(NodeStores? stores = null, EmbedTurnstile? turnstile = null) =>
        NewWriter(stores is null ? _parts : _parts with { Stores = stores }, turnstile);

    private IActorRef NewWriter(NodeServices parts, EmbedTurnstile? turnstile = null)
    {
        EmbedTurnstile shared = turnstile ?? new EmbedTurnstile();
        ICanTell client = _client, coordinator = _coordinator;
        var entity = Props.Create(() => new RecordWriter(parts, shared, client, coordinator, NullLogger.Instance));
        return Sys.ActorOf(Props.Create(() => new SampleShard(entity, _shard)));
    }

    private EmbedForRecord[] AskedFor(int groups)
    {
        for (int i = 0; i < groups; i++)
        {
            _asked.Add((_client.ExpectMsg<EmbedForRecord>(Timeout), _client.LastSender));
        }

        return [.. _asked.Select(asked => asked.Group)];
    }

    private void AnswerAll() => _client.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
    {
        sender.Tell(SampleLogits.Answer((EmbedForRecord)message));
        return AutoPilot.KeepRunning;
    }));

    private RecordCommitted WriteWhole()
    {
        NewWriter().Tell(SampleSet.Write());
        AskedFor(3);
        foreach ((EmbedForRecord group, IActorRef asker) in _asked)
        {
            asker.Tell(SampleLogits.Answer(group));
        }

        _asked.Clear();
        return Ends<RecordCommitted>();
    }

    private T Ends<T>() => (T)_coordinator.FishForMessage<object>(message => message is not RecordProgress, Timeout);
}
