namespace Koalarization.Records.Tests.Python;

/// <summary>A test that runs the shipped reader; skipped where <c>/usr/bin/python3</c> or its NumPy is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly bool s_isThere = PythonReader.IsThere();

    public PythonFactAttribute()
    {
        if (!s_isThere)
        {
            Skip = "/usr/bin/python3 with NumPy is not installed (apt-get install python3-numpy).";
        }
    }
}
