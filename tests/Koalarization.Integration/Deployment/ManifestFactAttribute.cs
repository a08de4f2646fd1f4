namespace Koalarization.Integration.Deployment;

/// <summary>A test that needs kubectl, promtool and others; without them it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ManifestFactAttribute : FactAttribute
{
    public ManifestFactAttribute() => Skip = Manifests.HasTools ? null : "k8s/check/install.sh installs what this test needs.";
}

/// <summary>A theory that needs kubectl, promtool and others; without them it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ManifestTheoryAttribute : TheoryAttribute
{
    public ManifestTheoryAttribute() => Skip = Manifests.HasTools ? null : "k8s/check/install.sh installs what this test needs.";
}
