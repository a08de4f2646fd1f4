using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary>Watches what a collector answers: that it does not take what is sent is said once, and that it does so again once. Thread-safe.</summary>
/// <param name="collector">The collector.</param>
/// <param name="log">Where it is said.</param>
internal sealed partial class OtlpWatch(Uri collector, ILogger log)
{
    private int _isFailing;

    /// <summary>A client whose requests are watched.</summary>
    /// <param name="timeout">How long an answer is waited for.</param>
    public HttpClient NewClient(TimeSpan timeout) => new(new Handler(this)) { Timeout = timeout };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The collector {Collector} does not take metrics and traces ({Reason}); the node goes on without")]
    private static partial void Failing(ILogger log, Uri collector, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The collector {Collector} takes metrics and traces again")]
    private static partial void Taking(ILogger log, Uri collector);

    private void Answered(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            Failed($"it answers with {(int)answer.StatusCode}");
        }
        else if (Interlocked.Exchange(ref _isFailing, 0) == 1)
        {
            Taking(log, collector);
        }
    }

    private void Failed(string reason)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            Failing(log, collector, reason);
        }
    }

    private sealed class Handler(OtlpWatch watch) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                HttpResponseMessage answer = base.Send(request, cancellationToken);
                watch.Answered(answer);
                return answer;
            }
            catch (Exception failed)
            {
                watch.Failed(Reason(failed));
                throw;
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
                watch.Answered(answer);
                return answer;
            }
            catch (Exception failed)
            {
                watch.Failed(Reason(failed));
                throw;
            }
        }

        private static string Reason(Exception failed) => failed is OperationCanceledException ? "it does not answer" : failed.Message.TrimEnd('.');
    }
}
