namespace Koalarization.Integration;

/// <summary>A test that does something to the machine around it which takes root: skipped for others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute(string what)
    {
        if (Environment.UserName != "root")
        {
            Skip = $"{what} takes root";
        }
    }
}
