using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Koalarization.Integration.Deployment;

/// <summary>The manifests keep what they promise, as far as can be seen without a cluster.</summary>
public sealed class ManifestTests
{
    private static readonly string Check = Path.Combine(Manifests.Root, "k8s/check");

    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    [ManifestTheory]
    [MemberData(nameof(Overlays))]
    public void Kinds_of_Kubernetes_have_no_field_that_it_does_not_know(string overlay)
    {
        Manifest[] builtIn = [.. Manifests.Of(overlay).Where(manifest => manifest.IsBuiltIn)];
        Assert.True(builtIn.Length > 15);
        Assert.All(builtIn, manifest => Assert.NotNull(manifest.ReadStrictly()));
    }

    [ManifestFact]
    public void Kinds_of_others_are_of_the_types_that_they_publish()
    {
        Manifest[] foreign = [.. Manifests.Overlays.SelectMany(Manifests.Of).Where(manifest => !manifest.IsBuiltIn).DistinctBy(manifest => (manifest.Kind, manifest.Name))];
        Assert.Equal(["Certificate", "Issuer", "PodMonitor", "PrometheusRule", "ScaledObject", "TriggerAuthentication"], foreign.Select(manifest => manifest.Kind).Distinct().Order());

        string file = Path.Combine(Check, $"manifests-{Environment.ProcessId}.ts");
        try
        {
            File.WriteAllText(file, TypeScript(foreign));
            (int code, string output) = Manifests.Run(
                "node", Path.Combine(Check, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext", file);
            Assert.True(code == 0, output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [ManifestFact]
    public void Yaml_is_as_yamllint_wants_it()
    {
        (int code, string output) = Manifests.Run(
            "yamllint", "-s", "-d", "{extends: default, ignore: [node_modules], rules: {line-length: {max: 160}, document-start: disable, comments: {min-spaces-from-content: 1}}}", "k8s");
        Assert.True(code == 0, output);
    }

    [ManifestFact]
    public void Alerts_fire_on_what_they_are_for_and_on_nothing_else()
    {
        using var folder = new TemporaryFolder();
        Manifest rules = Manifests.Of("overlays/keda").Single(manifest => manifest.Kind == "PrometheusRule");
        File.WriteAllText(folder["rules.yaml"], rules.Spec.ToJsonString());
        File.Copy(Path.Combine(Check, "alerts-test.yaml"), folder["test.yaml"]);

        (int code, string output) = Manifests.Run("promtool", "check", "rules", folder["rules.yaml"]);
        Assert.True(code == 0, output);
        (code, output) = Manifests.Run("promtool", "test", "rules", folder["test.yaml"]);
        Assert.True(code == 0, output);
    }

    [ManifestFact]
    public void Every_alert_has_a_page_and_every_series_is_one_that_the_program_has()
    {
        IReadOnlyList<Manifest> all = Manifests.Of("overlays/keda");
        JsonNode[] alerts = [.. all.Single(manifest => manifest.Kind == "PrometheusRule").Spec["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];
        string[] headings = [.. File.ReadLines(Path.Combine(Manifests.Root, "docs/operations.md")).Where(line => line.StartsWith("### Koala", StringComparison.Ordinal)).Select(line => line[4..])];
        Assert.Equal(headings.Order(StringComparer.Ordinal), alerts.Select(alert => (string)alert["alert"]!).Order(StringComparer.Ordinal));
        Assert.All(alerts, alert => Assert.Equal($"docs/operations.md#{((string)alert["alert"]!).ToLowerInvariant()}", (string)alert["annotations"]!["runbook"]!));

        Manifest dashboard = all.Single(manifest => manifest is { Kind: "ConfigMap", Name: "koala-dashboard" });
        string shown = (string)dashboard.Content["data"]!["koala.json"]!;
        Assert.NotEmpty(JsonNode.Parse(shown)!["panels"]!.AsArray());
        HashSet<string> series = [.. Series()];
        string[] used = [.. Regex.Matches(string.Join(' ', alerts.Select(alert => (string)alert["expr"]!)) + shown, @"\bkoala_\w+", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(match => match.Value).Distinct()];
        Assert.True(used.Length > 20);
        Assert.Empty(used.Except(series));
    }

    [ManifestTheory]
    [MemberData(nameof(Overlays))]
    public void Pods_are_confined_and_bounded_and_have_an_image_of_a_version(string overlay)
    {
        Manifest[] workloads = Workloads(overlay);
        Assert.Equal(["koala-control", "koala-embed", "koala-fetch", "koala-write"], workloads.Select(manifest => manifest.Name).Order(StringComparer.Ordinal));
        Assert.All(workloads, workload =>
        {
            JsonObject pod = workload.Pod!, container = pod["containers"]!.AsArray().Single()!.AsObject();
            Assert.Null(pod["initContainers"]);
            Assert.Equal((false, "koala"), ((bool)pod["automountServiceAccountToken"]!, (string)pod["serviceAccountName"]!));
            Assert.All((string[])["hostNetwork", "hostPID", "hostIPC"], name => Assert.Null(pod[name]));
            JsonNode user = pod["securityContext"]!;
            Assert.Equal((true, 10001, 10001, "RuntimeDefault"), ((bool)user["runAsNonRoot"]!, (int)user["runAsUser"]!, (int)user["fsGroup"]!, (string)user["seccompProfile"]!["type"]!));
            JsonNode confined = container["securityContext"]!;
            Assert.Equal(
                (false, true, """{"drop":["ALL"]}"""),
                ((bool)confined["allowPrivilegeEscalation"]!, (bool)confined["readOnlyRootFilesystem"]!, confined["capabilities"]!.ToJsonString()));
            Assert.All((string[])["cpu", "memory", "ephemeral-storage"], name => Assert.NotNull(container["resources"]!["limits"]![name]));
            Assert.Matches(@":\d+\.\d+\.\d+$", (string)container["image"]!);
            Assert.Null(container["command"]);
            Assert.All(pod["volumes"]!.AsArray(), volume => Assert.True(volume!["persistentVolumeClaim"] is not null || volume["secret"] is not null || volume["emptyDir"]?["sizeLimit"] is not null));

            // A pod that is told to leave is killed only after the longest time that a node takes for it.
            Assert.True((int)pod["terminationGracePeriodSeconds"]! >= LeavingSeconds() + 15);
        });
    }

    [ManifestTheory]
    [MemberData(nameof(Overlays))]
    public void Services_budgets_policies_and_scalers_mean_pods_and_ports_that_there_are(string overlay)
    {
        IReadOnlyList<Manifest> all = Manifests.Of(overlay);
        Manifest[] workloads = Workloads(overlay);
        Assert.All(workloads, workload =>
        {
            Assert.True(Selects(workload.Spec["selector"]!["matchLabels"]!, workload));
            Assert.Single(all, manifest => manifest.Kind == "PodDisruptionBudget" && Selects(manifest.Spec["selector"]!["matchLabels"]!, workload));
            Assert.All(workload.Pod!["topologySpreadConstraints"]!.AsArray(), spread => Assert.True(Selects(spread!["labelSelector"]!["matchLabels"]!, workload)));
            Assert.Contains(all, manifest => manifest.Kind == "PersistentVolumeClaim" && manifest.Name == (string)workload.Pod!["volumes"]![0]!["persistentVolumeClaim"]!["claimName"]!);
        });
        Assert.Equal(2, all.Count(manifest => manifest.Kind == "Service"));
        Assert.All(all.Where(manifest => manifest.Kind == "Service"), service =>
        {
            Manifest served = Assert.Single(workloads, workload => Selects(service.Spec["selector"]!, workload));
            Assert.All(service.Spec["ports"]!.AsArray(), port => Assert.Equal((int)port!["port"]!, PortsOf(served)[(string)port["targetPort"]!]));
        });

        Assert.Contains(all, policy => policy.Kind == "NetworkPolicy" && policy.Spec["podSelector"]!.AsObject().Count == 0 && policy.Spec["ingress"] is null && policy.Spec["egress"] is null
            && policy.Spec["policyTypes"]!.AsArray().Count == 2);
        foreach (JsonNode port in all.Where(policy => policy.Kind == "NetworkPolicy").SelectMany(policy => policy.Spec["ingress"]?.AsArray() ?? []).SelectMany(rule => rule!["ports"]!.AsArray())!)
        {
            Assert.Contains(workloads, workload => PortsOf(workload).ContainsKey((string)port["port"]!));
        }

        foreach (Manifest scaler in all.Where(manifest => manifest.Kind is "ScaledObject" or "HorizontalPodAutoscaler"))
        {
            Manifest scaled = Assert.Single(workloads, workload => workload.Name == (string)scaler.Spec["scaleTargetRef"]!["name"]! && workload.Kind == (string)scaler.Spec["scaleTargetRef"]!["kind"]!);
            Assert.Null(scaled.Spec["replicas"]);
        }

        foreach (Manifest scaler in all.Where(manifest => manifest.Kind == "ScaledObject"))
        {
            JsonNode trigger = scaler.Spec["triggers"]!.AsArray().Single()!["metadata"]!;
            var url = new Uri((string)trigger["url"]!);
            Manifest service = Assert.Single(all, manifest => manifest.Kind == "Service" && url.Host == $"{manifest.Name}.koala.svc");
            Assert.Equal((int)service.Spec["ports"]![0]!["port"]!, url.Port);
            Assert.Equal(("/api/v1/scaling/embed", "wanted"), (url.AbsolutePath, (string)trigger["valueLocation"]!));
        }
    }

    [ManifestTheory]
    [MemberData(nameof(Overlays))]
    public void Probes_ports_seeds_and_names_are_those_of_the_programs_arguments(string overlay) => Assert.All(Workloads(overlay), workload =>
    {
        JsonNode container = workload.Pod!["containers"]![0]!;
        Dictionary<string, int> ports = PortsOf(workload);
        string[] words = WordsOf(workload);
        Assert.Equal(ports["remoting"], int.Parse(After(words, "--port"), CultureInfo.InvariantCulture));
        Assert.Equal($"0.0.0.0:{ports["probes"]}", EnvironmentOf(workload)["KOALA_PROBES"]);
        foreach ((string probe, string path) in new[] { ("startupProbe", "/healthz/live"), ("livenessProbe", "/healthz/live"), ("readinessProbe", "/healthz/ready") })
        {
            Assert.Equal((path, "probes"), ((string)container[probe]!["httpGet"]!["path"]!, (string)container[probe]!["httpGet"]!["port"]!));
        }

        Assert.Equal(workload.Name["koala-".Length..], After(words, "--roles"));
        Assert.Equal((string)container["volumeMounts"]![0]!["mountPath"]!, After(words, "--store"));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => $"koala-control-{i}.koala-control.koala.svc:{ports["remoting"]}"),
            words.Index().Where(word => word.Item == "--seed").Select(word => words[word.Index + 1]));
        if (workload.Kind == "StatefulSet")
        {
            Assert.Equal(ports["http"], int.Parse(After(words, "--http"), CultureInfo.InvariantCulture));
            Manifest service = Manifests.Of(overlay).Single(manifest => manifest.Kind == "Service" && manifest.Name == (string)workload.Spec["serviceName"]!);
            Assert.Equal(("None", true), ((string)service.Spec["clusterIP"]!, (bool)service.Spec["publishNotReadyAddresses"]!));
        }
    });

    [ManifestFact]
    public async Task The_program_takes_the_arguments_and_the_environment_of_every_container()
    {
        using var folder = new TemporaryFolder();
        (int code, string secret) = Manifests.Run(Path.Combine(Manifests.Root, "k8s/tls-by-hand.sh"), folder["tls"]);
        Assert.True(code == 0, secret);
        Assert.NotNull(new Manifest(secret).ReadStrictly());
        Directory.CreateDirectory(folder["tokens"]);
        File.WriteAllText(folder["tokens/command"], new string('c', 32));
        File.WriteAllText(folder["tokens/view"], new string('v', 32));

        var containers = Manifests.Overlays.SelectMany(Workloads)
            .Select(workload => (Words: WordsOf(workload), Environment: EnvironmentOf(workload)))
            .DistinctBy(container => string.Join(' ', container.Words));
        await Task.WhenAll(containers.Select(async container =>
        {
            // What is missing in the end is the store: all else is right.
            string[] words = [.. container.Words.Select(Here)];
            KoalaRun run = await KoalaProcess.RunAsync(folder.Path, container.Environment.ToDictionary(pair => pair.Key, pair => Here(pair.Value)), words);
            Assert.True(run.ExitCode == 3 && run.Errors.Contains("the store /nowhere/store does not exist", StringComparison.Ordinal), string.Join(' ', words) + "\n" + run.Errors);
        }));

        string Here(string word) => word
            .Replace("/etc/koala/", folder.Path + "/", StringComparison.Ordinal)
            .Replace("/store", "/nowhere/store", StringComparison.Ordinal)
            .Replace("$(POD_NAME)", "koala-control-0", StringComparison.Ordinal)
            .Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal);
    }

    [ManifestFact]
    public async Task Every_variable_of_the_environment_is_one_that_the_program_knows()
    {
        using var folder = new TemporaryFolder();
        KoalaRun node = await KoalaProcess.RunAsync(folder.Path, "node", "--help"), jobs = await KoalaProcess.RunAsync(folder.Path, "jobs", "--help");
        Assert.All(Manifests.Overlays.SelectMany(Workloads).SelectMany(workload => EnvironmentOf(workload).Keys).Distinct(), name =>
        {
            if (name is not ("POD_NAME" or "POD_IP" or "XDG_CACHE_HOME"))
            {
                Assert.Contains(name, node.Output + jobs.Output, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void The_image_runs_the_program_itself_as_a_user_without_rights()
    {
        string[] last = File.ReadAllText(Path.Combine(Manifests.Root, "k8s/Dockerfile")).Split("AS base\n")[1].Split('\n');
        Assert.Contains("USER 10001:10001", last);
        Assert.Contains("ENTRYPOINT [\"/koala/koala\"]", last);
        Assert.DoesNotContain(last, line => line.Contains("SDK", StringComparison.Ordinal));
    }

    private static Manifest[] Workloads(string overlay) => [.. Manifests.Of(overlay).Where(manifest => manifest.Pod is not null)];

    private static string[] WordsOf(Manifest workload) => [.. workload.Pod!["containers"]![0]!["args"]!.AsArray().Select(word => (string)word!)];

    private static Dictionary<string, string> EnvironmentOf(Manifest workload) =>
        workload.Pod!["containers"]![0]!["env"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => (string?)variable!["value"] ?? "");

    private static Dictionary<string, int> PortsOf(Manifest workload) =>
        workload.Pod!["containers"]![0]!["ports"]!.AsArray().ToDictionary(port => (string)port!["name"]!, port => (int)port!["containerPort"]!);

    private static string After(string[] words, string option) => words[Array.IndexOf(words, option) + 1];

    private static bool Selects(JsonNode labels, Manifest workload) => labels.AsObject().All(
        label => (string?)workload.Spec["template"]!["metadata"]!["labels"]![label.Key] == (string)label.Value!);

    // The phases of a node's shutdown, which end one after the other.
    private static int LeavingSeconds() => Regex.Matches(
            File.ReadAllText(Path.Combine(Manifests.Root, "hocon/base.conf")).Split("phases {")[1].Split('}')[0], @"timeout = (?<s>\d+)s", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
        .Sum(phase => int.Parse(phase.Groups["s"].Value, CultureInfo.InvariantCulture));

    // The program's instruments as Prometheus names them.
    private static IEnumerable<string> Series()
    {
        string source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Manifests.Root, "src"), "*Instruments.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (Match made in Regex.Matches(
            source, @"(?<kind>Counter<long>|Gauge<int>|ObservableGauge|Histogram|Seconds)\(\s*""(?<name>koala[\w.]+)""(?<bytes>, ""By"")?", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
        {
            string kind = made.Groups["kind"].Value, name = made.Groups["name"].Value.Replace('.', '_') + (made.Groups["bytes"].Success ? "_bytes" : "");
            bool isSeconds = kind == "Seconds" || name.EndsWith("_duration", StringComparison.Ordinal) || name.EndsWith("_expires", StringComparison.Ordinal);
            string[] endings = kind is "Histogram" or "Seconds" ? ["_bucket", "_sum", "_count"] : kind == "Counter<long>" ? ["_total"] : [""];
            foreach (string ending in endings)
            {
                yield return name + (isSeconds ? "_seconds" : "") + ending;
            }
        }
    }

    private static string TypeScript(IEnumerable<Manifest> manifests)
    {
        var text = new StringBuilder();
        foreach ((int index, Manifest manifest) in manifests.Index())
        {
            string version = ((string)manifest.Content["apiVersion"]!).Split('/')[1];
            string package = manifest.Group switch { "keda.sh" => "keda", "cert-manager.io" => "cert-manager", _ => "prometheus-operator" };
            text.AppendLine(CultureInfo.InvariantCulture, $"import type {{ I{manifest.Kind} as T{index} }} from \"@kubernetes-models/{package}/{manifest.Group}/{version}/{manifest.Kind}\";");
            text.AppendLine(CultureInfo.InvariantCulture, $"export const m{index}: T{index} = {manifest.Content.ToJsonString()};");
        }

        return text.ToString();
    }
}
