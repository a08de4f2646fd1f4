using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Compress;

/// <summary>Tells a meter that counts megabytes how far into a file the reading is. Of one file.</summary>
internal sealed class PackingProgress(ProgressMeter? meter)
{
    private long _told;

    public void At(long bytes)
    {
        long whole = bytes / 1_000_000;
        if (whole > _told)
        {
            meter?.Advance(whole - _told);
            _told = whole;
        }
    }
}
