using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Koalarization.Cluster;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Doors;

/// <summary>
/// Speaks to a cluster by the HTTP API of its control nodes: the first that answers. What is asked may be repeated, so that one that went silent in the middle
/// may have done it or not.
/// </summary>
internal sealed class ControlClient : IDisposable
{
    private readonly IReadOnlyList<Uri> _controls;
    private readonly HttpClient _http;

    public ControlClient(IReadOnlyList<Uri> controls)
    {
        _controls = controls;

        // Control nodes are near; a proxy for the web is not asked for them. A coordinator has ten seconds to answer its node.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(3) }) { Timeout = TimeSpan.FromSeconds(20) };
    }

    public Task<JobsProtocol.JobAccepted> SubmitAsync(JobsProtocol.JobSpec spec, CancellationToken cancellation) =>
        SendAsync<JobsProtocol.JobAccepted>(HttpMethod.Post, "jobs", spec, cancellation);

    public Task<JobsProtocol.JobList> JobsAsync(CancellationToken cancellation) => SendAsync<JobsProtocol.JobList>(HttpMethod.Get, "jobs", null, cancellation);

    public Task<JobsProtocol.JobStatus> JobAsync(string name, CancellationToken cancellation) =>
        SendAsync<JobsProtocol.JobStatus>(HttpMethod.Get, $"jobs/{Escaped(name)}", null, cancellation);

    public async Task<string> CancelAsync(string name, CancellationToken cancellation) =>
        (await SendAsync<Cancelled>(HttpMethod.Delete, $"jobs/{Escaped(name)}", null, cancellation)).Job;

    public Task<JobsProtocol.NodeList> NodesAsync(CancellationToken cancellation) =>
        SendAsync<JobsProtocol.NodeList>(HttpMethod.Get, "nodes", null, cancellation);

    public Task<JobsProtocol.NodeDraining> DrainAsync(string address, CancellationToken cancellation) =>
        SendAsync<JobsProtocol.NodeDraining>(HttpMethod.Post, $"nodes/{Escaped(address)}/drain", null, cancellation);

    public void Dispose() => _http.Dispose();

    // A name of dots alone would be a step in the path.
    private static string Escaped(string name) =>
        name.Trim('.').Length > 0 ? Uri.EscapeDataString(name) : throw new UserErrorException($"'{name}' names nothing.", ExitCode.WrongUse);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, JobsProtocol.JobSpec? body, CancellationToken cancellation)
    {
        string? why = null;
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

                string sentence = await SentenceAsync(answer, cancellation);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    throw new UserErrorException(sentence, answer.StatusCode == HttpStatusCode.BadRequest ? ExitCode.WrongUse : ExitCode.Failed);
                }

                why = sentence;
            }
            catch (Exception silent) when (silent is HttpRequestException or IOException || (silent is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The next one may answer.
            }
            catch (JsonException)
            {
                throw new UserErrorException($"what answers at {control} is no control node of this program; name one with --control.");
            }
        }

        throw new NoControlException(why
            ?? $"no control node answers at {string.Join(" or ", _controls.Select(control => control.OriginalString))}; " +
            "start one with koala node, or name another with --control or KOALA_CONTROL.");
    }

    private static async Task<string> SentenceAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        (await answer.Content.ReadFromJsonAsync<Refusal>(JobsJson.Options, cancellation))?.Error is { Length: > 0 } error ? error : throw new JsonException();

    private sealed record Refusal(string? Error);

    private sealed record Cancelled(string Job);
}
