using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Tls;
using Koalarization.Koala.Commands;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Control;

/// <summary>
/// A client of the control nodes' HTTP API. It uses the first node that answers: requests are idempotent, so one may be sent again to another node after a failure.
/// </summary>
internal sealed class ControlClient : IControl, IDisposable
{
    private readonly IReadOnlyList<Uri> _controls;
    private readonly HttpClient _http;

    /// <param name="controls">The control nodes.</param>
    /// <param name="token">The token that they ask for; null: they ask for none.</param>
    /// <param name="authorities">Who signed their certificates; null: an authority that this machine trusts.</param>
    public ControlClient(IReadOnlyList<Uri> controls, TokenFile? token = null, X509Certificate2Collection? authorities = null)
    {
        _controls = controls;

        // Where there is another control node, it may answer sooner than one that is gone.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(controls.Count > 1 ? 3 : 15) };
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = NodeCertificate.NoOtherTrust();
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        // Control nodes are not behind a proxy. A coordinator has ten seconds to answer its node.
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token.Token);
    }

    public Task<JobsProtocol.JobAccepted> SubmitAsync(JobSpec spec, CancellationToken cancellation) =>
        SendAsync<JobsProtocol.JobAccepted>(HttpMethod.Post, "jobs", spec, cancellation);

    public Task<JobsProtocol.JobList> JobsAsync(CancellationToken cancellation) => SendAsync<JobsProtocol.JobList>(HttpMethod.Get, "jobs", null, cancellation);

    public Task<JobsProtocol.JobStatus> JobAsync(string name, CancellationToken cancellation) =>
        SendAsync<JobsProtocol.JobStatus>(HttpMethod.Get, $"jobs/{Escaped(name)}", null, cancellation);

    public async Task<string> CancelAsync(string name, CancellationToken cancellation) =>
        (await SendAsync<Cancelled>(HttpMethod.Delete, $"jobs/{Escaped(name)}", null, cancellation)).Job;

    public Task<JobsProtocol.NodeList> NodesAsync(CancellationToken cancellation) =>
        SendAsync<JobsProtocol.NodeList>(HttpMethod.Get, "nodes", null, cancellation);

    public Task<JobsProtocol.DrainAccepted> DrainAsync(string address, CancellationToken cancellation) =>
        SendAsync<JobsProtocol.DrainAccepted>(HttpMethod.Post, $"nodes/{Escaped(address)}/drain", null, cancellation);

    public Task<EmbeddersWanted> EmbeddersAsync(int? picturesPerEmbedder, CancellationToken cancellation) =>
        SendAsync<EmbeddersWanted>(
            HttpMethod.Get,
            "scaling/embed" + (picturesPerEmbedder is int pictures ? string.Create(CultureInfo.InvariantCulture, $"?pictures_per_embedder={pictures}") : ""),
            null,
            cancellation);

    public void Dispose() => _http.Dispose();

    // A name of dots alone would be a step in the path.
    private static string Escaped(string name) =>
        name.Trim('.').Length > 0 ? Uri.EscapeDataString(name) : throw new UserErrorException($"'{name}' is not a valid name.", ExitCode.UsageError);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, JobSpec? body, CancellationToken cancellation)
    {
        string? reason = null;
        foreach (Uri control in _controls)
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(control, $"api/v1/{path}"));
                request.Content = body is null ? null : JsonContent.Create(body, options: JobsJson.Options);
                using HttpResponseMessage answer = await _http.SendAsync(request, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return await answer.Content.ReadFromJsonAsync<T>(JobsJson.Options, cancellation) ?? throw new JsonException();
                }

                string error = await ErrorAsync(answer, cancellation);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    throw new UserErrorException(error, answer.StatusCode == HttpStatusCode.BadRequest ? ExitCode.UsageError : ExitCode.Failed);
                }

                reason = error;
            }
            catch (HttpRequestException untrusted) when (untrusted.InnerException is AuthenticationException)
            {
                reason = $"{control} is not trusted: its certificate is not one of the authority of --ca-file, or not for that name; nothing was sent.";
            }
            catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The next node may answer.
            }
            catch (JsonException)
            {
                throw new UserErrorException($"{control} is not a control node; set another with --control or KOALA_CONTROL.");
            }
        }

        throw new NoControlException(reason
            ?? $"no control node answers at {string.Join(" or ", _controls.Select(control => control.OriginalString))}; " +
            "start one with koala node, or set another with --control or KOALA_CONTROL.");
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        (await answer.Content.ReadFromJsonAsync<Failure>(JobsJson.Options, cancellation))?.Error is { Length: > 0 } sentence ? sentence : throw new JsonException();

    private sealed record Failure(string? Error);

    private sealed record Cancelled(string Job);
}
