using System.Diagnostics;

namespace Koalarization.Records.Tests.Python;

/// <summary>Runs <c>read_records.py</c>, or a few lines of Python that import it.</summary>
internal static class PythonReader
{
    private const string Interpreter = "/usr/bin/python3";

    private static string Script { get; } = Path.GetFullPath(Path.Combine(Golden.Folder, "../../src/Koala/Demo/read_records.py"));

    public static bool IsThere() => File.Exists(Interpreter) && Run("-c", "import numpy").ExitCode == 0;

    public static (int ExitCode, string Output, string Error) RunScript(params string[] arguments) => Run([Script, .. arguments]);

    public static string[] RunLines(string program, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(["-c", "from read_records import *\n" + program, .. arguments]);
        Assert.True(exitCode == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = Path.GetDirectoryName(Script);
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
