using System.Diagnostics.Metrics;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Tls;

/// <summary>What is measured of a node's TLS.</summary>
internal static class TlsInstruments
{
    /// <summary>Measures a certificate until the meter is disposed of.</summary>
    /// <param name="secondsLeft">The time until it expires.</param>
    public static Meter OfCertificate(Func<double> secondsLeft)
    {
        var meter = new Meter(ClusterInstruments.MeterName);
        _ = meter.CreateObservableGauge("koala.certificate.expires", secondsLeft, "s", "Time until this node's certificate expires; negative when it has.");
        return meter;
    }
}
