namespace Koalarization.Integration.Browser;

/// <summary>A test that needs Chromium; without it it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Program is null ? "This test needs Chromium (Debian's package chromium)." : null;
}
