using Akka.Configuration;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// The configuration of a node by its roles: <c>hocon/ROLE.conf</c> over <c>hocon/base.conf</c>, each as it lies beside the program, where it may be
/// edited, or else as it was built in.
/// </summary>
internal static class NodeConfiguration
{
    /// <summary>The file under all others.</summary>
    public const string Base = "base";

    /// <summary>The configuration of a node.</summary>
    /// <param name="roles">Its roles.</param>
    /// <param name="folder">Where edited files may lie; null: beside the program.</param>
    /// <exception cref="ConfigurationException">A file cannot be read as HOCON.</exception>
    public static Config Of(IEnumerable<string> roles, string? folder = null)
    {
        folder ??= Path.Combine(AppContext.BaseDirectory, "hocon");
        return roles.Aggregate(Parse(Base, folder), (config, role) => Parse(role, folder).WithFallback(config));
    }

    private static Config Parse(string name, string folder)
    {
        string path = Path.Combine(folder, name + ".conf");
        string text = File.Exists(path) ? File.ReadAllText(path) : BuiltIn(name);
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception exception)
        {
            throw new ConfigurationException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static string BuiltIn(string name)
    {
        using Stream stream = typeof(NodeConfiguration).Assembly.GetManifestResourceStream($"hocon/{name}.conf")
            ?? throw new ConfigurationException($"There is no configuration '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
