using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Compress;

/// <summary>Advances a meter that counts megabytes, for one file.</summary>
internal sealed class PackingProgress(ProgressMeter? meter)
{
    private long _reported;

    public void Report(long bytes)
    {
        long whole = bytes / 1_000_000;
        if (whole > _reported)
        {
            meter?.Advance(whole - _reported);
            _reported = whole;
        }
    }
}
