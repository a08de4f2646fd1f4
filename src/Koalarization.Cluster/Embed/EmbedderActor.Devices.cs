using Akka.Actor;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster;

// What it does with its devices: batches out, logits in, and what becomes of a device that cannot go on.
internal sealed partial class EmbedderActor
{
    private void Begin(DevicesLoaded loaded)
    {
        foreach (IInferenceDevice device in loaded.Devices)
        {
            _lanes.Add(new InferenceLane(device, _parts.Time));
        }

        (string weights, string precision) = loaded.Devices[0].Network;
        _key = new EmbedKey(weights, precision, _parts.CodecFingerprint);
        Log.Ready(_logger, _key, loaded.Devices.Count, _lanes.Slots);
        SayNetworks();
        foreach ((IActorRef client, CreditWanted wanted) in _clients.All)
        {
            Hear(client, wanted);
        }
    }

    private void FeedDevices()
    {
        while (_lanes.Next(Now) is (InferenceLane lane, IReadOnlyList<PictureInWork> pictures))
        {
            _ = lane.RunAsync(pictures).PipeTo(Self);
        }

        if (_lanes.LookAgain(Now) is TimeSpan wait && !Timers.IsTimerActive(nameof(Feed)))
        {
            Timers.StartSingleTimer(nameof(Feed), Feed.Instance, wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
        }
    }

    private void Ran(BatchRun run)
    {
        run.Lane.Ended(run);
        if (run.Failure is null)
        {
            Scatter(run);
        }
        else
        {
            // Its pictures go to whichever device is free, in a batch that it can take.
            foreach (PictureInWork picture in run.Pictures)
            {
                PutReady(picture);
            }
        }

        if (_lanes.Has(run.Lane))
        {
            Recover(run);
        }

        FeedDevices();
    }

    private void Recover(BatchRun run)
    {
        if (run is { Failure: Exception failure, Lane.IsFailed: true })
        {
            Log.DeviceFailed(_logger, failure);
            GiveUpUnlessUsable(failure.Message);
        }
        else if (run.Lane is { IsShrinking: true, OnDevice: 0 } lane)
        {
            Log.Shrinking(_logger, lane.BatchSize, lane.BatchSize / 2);
            _ = lane.ShrinkAsync().PipeTo(Self, Self, () => new LaneShrunk(lane, Failure: null), exception => new LaneShrunk(lane, exception));
        }
    }

    private void Shrunk(LaneShrunk message)
    {
        if (message.Failure is Exception failure)
        {
            message.Lane.IsFailed = true;
            Log.DeviceFailed(_logger, failure);
            GiveUpUnlessUsable(failure.Message);
        }
        else
        {
            message.Lane.Shrunk();
        }

        FeedDevices();
    }

    private void Scatter(BatchRun run)
    {
        for (int i = 0; i < run.Pictures.Count; i++)
        {
            PictureInWork picture = run.Pictures[i];
            picture.Release();
            if (!picture.Request.IsEnded)
            {
                picture.Request.Place(picture.Place, run.Logits.AsSpan(i * EmbedProtocol.Logits, EmbedProtocol.Logits));
                AnswerIfComplete(picture.Request);
            }
        }
    }

    private void PutReady(PictureInWork picture)
    {
        if (picture.Request.IsEnded)
        {
            picture.Release();
        }
        else
        {
            _lanes.Ready.Add(picture);
        }
    }

    private void GiveUpUnlessUsable(string reason)
    {
        if (!_lanes.IsUsable)
        {
            GiveUp(reason);
        }
    }

    private void GiveUp(string reason)
    {
        _key = null;
        Log.Useless(_logger, reason);
        RejectAll(RejectionReason.DeviceFailed, reason);
        SayNetworks();
        _parts.Listener.DeviceLost(reason);
        Context.System.EventStream.Publish(new DeviceLost(reason));
    }
}
