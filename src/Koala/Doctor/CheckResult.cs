using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary>The status of a check.</summary>
internal enum CheckStatus
{
    /// <summary>The part is as it should be.</summary>
    Ok,

    /// <summary>The part works, but slower or with less.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Error,
}

/// <summary>The result of one check.</summary>
internal sealed record CheckResult(string Name, CheckStatus Status, string Detail) : ReportEvent
{
    public override string Sentence => $"{Mark} {Name,-12} {Detail}";

    private string Mark => Status switch { CheckStatus.Ok => "ok     ", CheckStatus.Warning => "warning", _ => "ERROR  " };
}
