using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Processes with certificates that openssl made, as docs/security.md has it.</summary>
public sealed partial class TlsClusterTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task A_cluster_with_TLS_makes_the_set_of_koala_run_and_answers_users_with_a_token_over_https()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 40).With(Web.Links(300));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        await MakeCertificatesAsync("127.0.0.1");
        File.WriteAllText(Folder["command.token"], new string('c', 32) + "\n");
        File.WriteAllText(Folder["view.token"], new string('v', 32) + "\n");
        UseCertificate("127.0.0.1");
        ClusterNode control = Cluster.Add("control", "--token-file", Folder["command.token"], "--view-token-file", Folder["view.token"], "--listen", "0.0.0.0");
        Cluster.Add("fetch");
        Cluster.Add("embed,write", "--device", "simulated");
        foreach (ClusterNode node in Cluster.Nodes)
        {
            node.Start();
        }

        string[] access = ["--control", $"https://127.0.0.1:{control.Http}", "--ca-file", Folder["ca.pem"], "--token-file"];
        string[] look = [.. access, Folder["view.token"]], command = [.. access, Folder["command.token"]];
        await Pause.UntilAsync("three nodes are up", TimeSpan.FromMinutes(2), async () =>
            (await RunAsync(["nodes", "--json", .. look])).Output.Split("\"Up\"").Length == 4);

        KoalaRun refused = await RunAsync(["submit", .. work.Submitting("data"), "--allow-private", .. look]);
        Assert.True(refused.ExitCode == 3 && refused.Errors.Contains("may look and not command", StringComparison.Ordinal), $"{refused.ExitCode} {refused.Output}{refused.Errors}");
        KoalaRun done = await RunAsync(["submit", .. work.Submitting("data"), "--allow-private", "--wait", .. command]);
        Assert.True(done.ExitCode is 0 or 1, done.Output + done.Errors);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);

        Assert.Contains("asks for a token", (await RunAsync("jobs", "--control", $"https://127.0.0.1:{control.Http}", "--ca-file", Folder["ca.pem"])).Errors, StringComparison.Ordinal);
        Assert.Contains("is not trusted", (await RunAsync("jobs", "--control", $"https://127.0.0.1:{control.Http}", "--token-file", Folder["view.token"])).Errors, StringComparison.Ordinal);
        Assert.Contains("is not trusted", (await RunAsync("jobs", "--control", $"https://localhost:{control.Http}", "--ca-file", Folder["ca.pem"], "--token-file", Folder["view.token"])).Errors, StringComparison.Ordinal);
        await AssertCodesAsync(control);
        Assert.DoesNotContain(Cluster.Nodes, node => node.Log.Contains(new string('c', 32), StringComparison.Ordinal) || node.Log.Contains(new string('v', 32), StringComparison.Ordinal));
        await ClusterOfProcesses.LeaveAsync([.. Cluster.Nodes]);
        Cluster.Passed();
    }

    [Fact]
    public async Task What_opens_a_node_to_the_network_is_refused_in_one_sentence_unless_it_is_closed_or_wanted()
    {
        File.WriteAllText(Folder["short.token"], "short");
        File.WriteAllText(Folder["good.token"], new string('t', 32));
        string[] node = ["node", "--roles", "control", "--store", Cluster.Store, "--port", "0", "--http", "0"];

        await RefusedAsync(2, "without TLS", [.. node, "--host", "0.0.0.0"]);
        await RefusedAsync(2, "without TLS", [.. node, "--host", "::"]);
        await RefusedAsync(2, "go together", [.. node, "--tls-cert", "x.pem"]);
        await RefusedAsync(3, "does not exist", [.. node, "--tls-cert", "x.pem", "--tls-key", "x.key", "--tls-ca", "ca.pem"]);
        await RefusedAsync(2, "give --token-file", [.. node, "--listen", "0.0.0.0", "--insecure"]);
        await RefusedAsync(2, "over plain HTTP", [.. node, "--listen", "0.0.0.0", "--token-file", Folder["good.token"]]);
        await RefusedAsync(2, "needs one line of 16", [.. node, "--token-file", Folder["short.token"]]);
        await RefusedAsync(2, "does not exist", [.. node, "--token-file", Folder["none.token"]]);
        await RefusedAsync(2, "give both", [.. node, "--view-token-file", Folder["good.token"]]);
        await RefusedAsync(2, "must be an address", [.. node, "--listen", "a.lan"]);
        await RefusedAsync(2, "is for control nodes", ["node", "--roles", "fetch", "--store", Cluster.Store, "--token-file", Folder["good.token"]]);
        await RefusedAsync(2, "is plain http", ["jobs", "--control", "http://a.example:8660", "--token-file", Folder["good.token"]]);
        await RefusedAsync(2, "not a valid control node URL", ["jobs", "--control", "http://user:word@a.example:8660"]);
        Cluster.Passed();
    }

    [GeneratedRegex("```sh\n(?<commands>openssl req -x509.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OpensslCommands();

    private static string Documentation() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf("/tests/", StringComparison.Ordinal)], "docs", "security.md"));

    private async Task MakeCertificatesAsync(string address)
    {
        string commands = OpensslCommands().Match(Documentation()).Groups["commands"].Value
            .Replace("NODE=a.lan", $"NODE={address}", StringComparison.Ordinal).Replace("DNS:", "IP:", StringComparison.Ordinal);
        KoalaRun made = await KoalaProcess.RunShellAsync(Folder.Path, $"set -e; {commands}");
        Assert.True(made.ExitCode == 0, made.Errors);
    }

    private void UseCertificate(string name)
    {
        Cluster.Environment["KOALA_TLS_CERT"] = Folder[name + ".pem"];
        Cluster.Environment["KOALA_TLS_KEY"] = Folder[name + ".key"];
        Cluster.Environment["KOALA_TLS_CA"] = Folder["ca.pem"];
    }

    private Task<KoalaRun> RunAsync(params string[] words) => KoalaProcess.RunAsync(Folder.Path, words);

    private async Task RefusedAsync(int code, string part, string[] words)
    {
        KoalaRun run = await RunAsync(words);
        Assert.True(run.ExitCode == code && run.Errors.Contains(part, StringComparison.Ordinal), $"{string.Join(' ', words)}: {run.ExitCode} {run.Errors}");
        Assert.DoesNotContain("user:word", run.Errors, StringComparison.Ordinal);
    }

    private async Task AssertCodesAsync(ClusterNode control)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Folder["ca.pem"]);
        using var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{control.Http}") };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(null, HttpMethod.Get, "/api/v1/jobs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(new string('x', 32), HttpMethod.Get, "/api/v1/jobs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(new string('c', 31), HttpMethod.Get, "/api/v1/jobs"));
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(new string('v', 32), HttpMethod.Get, "/api/v1/jobs"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(new string('v', 32), HttpMethod.Delete, "/api/v1/jobs/x"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(new string('v', 32), HttpMethod.Post, $"/api/v1/nodes/{control.Address}/drain"));
        Assert.Equal(HttpStatusCode.NotFound, await CodeAsync(new string('c', 32), HttpMethod.Delete, "/api/v1/jobs/x"));

        async Task<HttpStatusCode> CodeAsync(string? token, HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage answer = await http.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                Assert.NotEmpty(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString()!);
            }

            return answer.StatusCode;
        }
    }
}
