using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary>What a finding means.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works, with less.</summary>
    Weak,

    /// <summary>Something will not work.</summary>
    Bad,
}

/// <summary>One thing that was looked at.</summary>
internal sealed record CheckResult(string About, CheckStatus Verdict, string Found) : ReportEvent
{
    public override string Sentence => $"{Mark} {About,-12} {Found}";

    private string Mark => Verdict switch { CheckStatus.Good => "ok  ", CheckStatus.Weak => "weak", _ => "BAD " };
}
