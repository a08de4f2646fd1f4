namespace Koalarization.Integration;

/// <summary>A test that makes a control group.</summary>
internal sealed class ControlGroupsFactAttribute : FactAttribute
{
    public ControlGroupsFactAttribute() => Skip = ControlGroup.Obstacle()!;
}
