using System.Reflection;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Tls;
using Koalarization.Harvest.Links;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;
using Koalarization.Koala.Lifetime;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Commands;

/// <summary>Turns the exception that ended a command into one sentence and an exit code.</summary>
internal static class Failure
{
    public static (string Sentence, int ExitCode) Explain(Exception exception, CancellationToken cancellation) => Innermost(exception) switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested =>
            ("interrupted; finished work is kept, and the same command resumes it.", ExitCode.Interrupted),
        StandardStreamException stream => (stream.Message, stream.IsClosedPipe ? ExitCode.ClosedPipe : ExitCode.Failed),
        UserErrorException user => (user.Message, user.ExitCode),
        JobRefusedException or TlsException or LinkSourceException or EmbedderUnavailableException or WeightsException => (Innermost(exception).Message, ExitCode.Failed),
        Exception fault when StoreFault.Is(fault) => (StoreFault.Sentence(fault), ExitCode.Failed),
        Exception other => ($"unexpected: {StoreFault.FirstLine(other.Message).TrimEnd('.')}; --debug shows where.", ExitCode.Failed),
    };

    private static Exception Innermost(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } aggregate => Innermost(aggregate.InnerException!),
        TargetInvocationException { InnerException: Exception inner } => Innermost(inner),
        _ => exception,
    };
}
