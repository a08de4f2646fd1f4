using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster;

/// <summary>Between what a job is to make and its schema.</summary>
internal static class JobSpecWire
{
    public static Wire.Spec ToWire(this JobSpec spec)
    {
        var wire = new Wire.Spec { Source = spec.Source, Data = spec.Data, Until = (int)spec.Until, RetryFailed = spec.RetryFailed };
        if (spec.Skip is long skip)
        {
            wire.Skip = skip;
        }

        if (spec.Count is long count)
        {
            wire.Count = count;
        }

        if (spec.Width is int width)
        {
            wire.Width = width;
        }

        if (spec.Height is int height)
        {
            wire.Height = height;
        }

        if (spec.FansOut is bool fansOut)
        {
            wire.FansOut = fansOut;
        }

        if (spec.PicturesPerRecord is int pictures)
        {
            wire.PicturesPerRecord = pictures;
        }

        AddTexts(spec, wire);
        return wire;
    }

    public static JobSpec FromWire(this Wire.Spec wire) => new()
    {
        Source = wire.Source,
        Data = wire.Data,
        Skip = wire.HasSkip ? wire.Skip : null,
        Count = wire.HasCount ? wire.Count : null,
        Width = wire.HasWidth ? wire.Width : null,
        Height = wire.HasHeight ? wire.Height : null,
        FansOut = wire.HasFansOut ? wire.FansOut : null,
        ImageNamePrefix = wire.HasImageNamePrefix ? wire.ImageNamePrefix : null,
        Until = (JobEnd)wire.Until,
        RetryFailed = wire.RetryFailed,
        PicturesPerRecord = wire.HasPicturesPerRecord ? wire.PicturesPerRecord : null,
        Compression = wire.HasCompression ? wire.Compression : null,
        Compatibility = wire.HasCompatibility ? wire.Compatibility : null,
        Weights = wire.HasWeights ? wire.Weights : null,
        Precision = wire.HasPrecision ? wire.Precision : null,
    };

    private static void AddTexts(JobSpec spec, Wire.Spec wire)
    {
        if (spec.ImageNamePrefix is string prefix)
        {
            wire.ImageNamePrefix = prefix;
        }

        if (spec.Compression is string compression)
        {
            wire.Compression = compression;
        }

        if (spec.Compatibility is string compatibility)
        {
            wire.Compatibility = compatibility;
        }

        if (spec.Weights is string weights)
        {
            wire.Weights = weights;
        }

        if (spec.Precision is string precision)
        {
            wire.Precision = precision;
        }
    }
}
