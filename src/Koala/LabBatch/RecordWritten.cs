using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>A record is published.</summary>
internal sealed record RecordWritten(string Record, int Pictures, long Bytes, string Sha256) : ReportEvent
{
    public override string Sentence => $"{Record}: {Pictures:N0} pictures, {Bytes / 1e6:N1} MB";
}

/// <summary>A picture is in a record, which is not published yet.</summary>
internal sealed record PictureWritten(string Name, string Record) : ReportEvent
{
    public override string Sentence => $"written {Shown(Name)}";
}
