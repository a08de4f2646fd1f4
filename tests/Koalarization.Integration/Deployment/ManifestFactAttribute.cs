namespace Koalarization.Integration.Deployment;

/// <summary>A test that needs kubectl, promtool and others; without them it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ManifestFactAttribute : FactAttribute
{
    public ManifestFactAttribute(bool needsTls = false) => Skip =
        !Manifests.HasTools ? "k8s/check/install.sh installs what this test needs."
        : needsTls && !Manifests.ProgramHasTls ? "This version of koala node has no --tls-cert."
        : null;
}

/// <summary>A theory that needs kubectl, promtool and others; without them it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ManifestTheoryAttribute : TheoryAttribute
{
    public ManifestTheoryAttribute() => Skip = Manifests.HasTools ? null : "k8s/check/install.sh installs what this test needs.";
}
