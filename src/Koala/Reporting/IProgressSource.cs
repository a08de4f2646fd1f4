namespace Koalarization.Koala.Reporting;

/// <summary>Work whose progress is shown. Thread-safe.</summary>
internal interface IProgressSource
{
    /// <summary>How far it is.</summary>
    ProgressReport Now();
}
