using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using k8s;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Koalarization.Integration.Deployment;

/// <summary>The manifests in <c>k8s</c> as kubectl renders them.</summary>
internal static class Manifests
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<Manifest>>> Rendered = new(StringComparer.Ordinal);

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Golden.Folder, "..", ".."));

    /// <summary>What is rendered: all overlays, and components that no overlay has.</summary>
    public static IReadOnlyList<string> Overlays { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "k8s/overlays")).Select(folder => "overlays/" + Path.GetFileName(folder)).Order(StringComparer.Ordinal), "check/hpa-zero"];

    public static bool HasTools { get; } = File.Exists(Kubectl);

    private static string Kubectl => Path.Combine(Root, "k8s/check/kubectl");

    /// <summary>What an overlay renders to.</summary>
    public static IReadOnlyList<Manifest> Of(string overlay) =>
        Rendered.GetOrAdd(overlay, _ => new Lazy<IReadOnlyList<Manifest>>(() => Render(overlay))).Value;

    /// <summary>Runs a tool.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static IReadOnlyList<Manifest> Render(string overlay)
    {
        (int code, string yaml) = Run(Kubectl, "kustomize", Path.Combine(Root, "k8s", overlay));
        Assert.True(code == 0, yaml);
        return [.. yaml.Split("\n---\n").Select(document => new Manifest(document))];
    }
}

/// <summary>One document.</summary>
internal sealed class Manifest
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    public Manifest(string yaml)
    {
        Text = yaml;
        // Written and read again: then a number can be read as any type of number.
        Content = JsonNode.Parse(Json(Yaml.Deserialize<object>(yaml))!.ToJsonString())!.AsObject();
    }

    public string Text { get; }

    public JsonObject Content { get; }

    public string Kind => (string)Content["kind"]!;

    public string Group => (string)Content["apiVersion"]! is var version && version.Contains('/', StringComparison.Ordinal) ? version[..version.IndexOf('/', StringComparison.Ordinal)] : "";

    public string Name => (string)Content["metadata"]!["name"]!;

    /// <summary>Whether Kubernetes itself defines the kind.</summary>
    public bool IsBuiltIn => Group is "" or "apps" or "policy" or "autoscaling" || Group.EndsWith(".k8s.io", StringComparison.Ordinal);

    public JsonObject Spec => Content["spec"]!.AsObject();

    /// <summary>The pods of a StatefulSet or Deployment; null: it makes none.</summary>
    public JsonObject? Pod => Kind is "StatefulSet" or "Deployment" ? Spec["template"]!["spec"]!.AsObject() : null;

    /// <summary>Reads it as its kind, and refuses what the kind does not have.</summary>
    public object ReadStrictly()
    {
        try
        {
            return KubernetesYaml.LoadAllFromString(Text, typeMap: null, strict: true).Single();
        }
        catch (YamlException wrong)
        {
            throw new InvalidDataException($"{Kind} {Name}: {wrong.InnerException?.Message ?? wrong.Message}", wrong);
        }
    }

    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create((string)pair.Key, Json(pair.Value)))),
        IList<object> list => new JsonArray([.. list.Select(Json)]),
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        _ => JsonValue.Create(Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
