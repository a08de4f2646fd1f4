using System.Diagnostics;

namespace Koalarization.Integration;

/// <summary>A test that runs the program as other users: skipped where that is not allowed, or where they cannot reach the program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OtherUsersFactAttribute : FactAttribute
{
    public OtherUsersFactAttribute()
    {
        if (Environment.UserName != "root")
        {
            Skip = "running as other users takes root";
        }
        else if (!CanReach())
        {
            Skip = "other users cannot reach the program's folder";
        }
    }

    private static bool CanReach()
    {
        try
        {
            using Process process = KoalaProcess.StartAs(12001, 12000, "/", ["--help"]);
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
