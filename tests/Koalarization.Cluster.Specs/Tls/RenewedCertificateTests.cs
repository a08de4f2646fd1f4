using System.Diagnostics.Metrics;
using Koalarization.Cluster.Tls;

namespace Koalarization.Cluster.Specs.Tls;

/// <summary>What becomes of a certificate when its files change while its node runs.</summary>
public sealed class RenewedCertificateTests : IDisposable
{
    private static readonly TimeSpan Minute = NodeCertificate.ReadAgainAfter;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly List<string> _notes = [];
    private readonly List<string> _replaced = [];
    private readonly TestAuthority _ours;
    private readonly TlsFiles _files;
    private readonly NodeCertificate _node;
    private readonly string _first;

    public RenewedCertificateTests()
    {
        _ours = new TestAuthority(_folder.Path, "ours");
        _files = _ours.Sign();
        _node = NodeCertificate.Load(_files, "127.0.0.1", _time, _notes.Add, _replaced.Add);
        _first = _node.Certificate.Thumbprint;
    }

    public void Dispose()
    {
        _node.Dispose();
        _ours.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_renewed_certificate_is_shown_within_a_minute()
    {
        Put(_ours.Sign(untilDays: 9));
        Assert.Equal(_first, _node.Certificate.Thumbprint);
        _time.Advance(Minute);
        Assert.NotEqual(_first, _node.Certificate.Thumbprint);
        Assert.True(_node.Certificate.HasPrivateKey);
        Assert.Equal(_node.Certificate.Thumbprint, _node.Context.TargetCertificate.Thumbprint);
        Assert.Contains("valid until", Assert.Single(_replaced), StringComparison.Ordinal);
        _time.Advance(Minute * 3);
        Assert.Single(_replaced);
        Assert.Empty(_notes);
    }

    [Fact]
    public void A_chain_that_has_changed_below_the_same_certificate_is_shown()
    {
        using TestAuthority between = _ours.Below("between");
        File.AppendAllText(_files.Certificate, between.Pem);
        _time.Advance(Minute);
        Assert.Single(_replaced);
        Assert.Equal(_first, _node.Certificate.Thumbprint);
    }

    [Fact]
    public void A_certificate_whose_key_comes_a_moment_later_is_used_when_both_are_there_and_nothing_is_said()
    {
        TlsFiles renewed = _ours.Sign();
        File.Copy(renewed.Certificate, _files.Certificate, overwrite: true);
        _time.Advance(Minute);
        Assert.Equal(_first, _node.Certificate.Thumbprint);
        File.Copy(renewed.Key, _files.Key, overwrite: true);
        _time.Advance(Minute);
        Assert.NotEqual(_first, _node.Certificate.Thumbprint);
        Assert.Empty(_notes);
    }

    [Theory]
    [InlineData("key", "is not the key of")]
    [InlineData("gone", "does not exist")]
    [InlineData("empty", "has no certificate")]
    [InlineData("name", "is not for 127.0.0.1")]
    [InlineData("expired", "expired on")]
    [InlineData("authority", "is not one of the authority")]
    [InlineData("purpose", "not for both ends")]
    public void What_cannot_be_used_is_told_once_and_the_one_before_stays(string what, string reason)
    {
        using var theirs = new TestAuthority(_folder.Path, "theirs");
        switch (what)
        {
            case "key":
                File.Copy(_ours.Sign().Certificate, _files.Certificate, overwrite: true);
                break;
            case "gone":
                File.Delete(_files.Certificate);
                break;
            case "empty":
                File.WriteAllText(_files.Certificate, "");
                break;
            default:
                Put(what switch
                {
                    "name" => _ours.Sign("a.lan"),
                    "expired" => _ours.Sign(fromDays: -9, untilDays: -2),
                    "authority" => theirs.Sign(),
                    _ => _ours.Sign(purposes: TestAuthority.BothEnds[0]),
                });
                break;
        }

        _time.Advance(Minute * 5);
        Assert.Equal(_first, _node.Certificate.Thumbprint);
        string note = Assert.Single(_notes);
        Assert.Contains(reason, note, StringComparison.Ordinal);
        Assert.Contains("shows the certificate that it had before", note, StringComparison.Ordinal);

        Put(_ours.Sign());
        _time.Advance(Minute);
        Assert.NotEqual(_first, _node.Certificate.Thumbprint);
        Assert.Single(_notes);
    }

    [Fact]
    public void One_that_no_one_renews_is_said_before_its_end_and_a_renewed_one_is_not()
    {
        // A life of two days: eight hours before its end, and each two hours.
        _time.Advance(TimeSpan.FromHours(15));
        Assert.Empty(_notes);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("expires on", Assert.Single(_notes), StringComparison.Ordinal);
        Put(_ours.Sign(untilDays: 9));
        _time.Advance(TimeSpan.FromHours(4));
        Assert.Single(_notes);
    }

    [Fact]
    public void The_time_that_is_left_is_measured()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "koala.certificate.expires")
            {
                to.EnableMeasurementEvents(instrument);
            }
        };

        // Other tests may have certificates of their own meanwhile: theirs end at other times.
        List<double> seen = [];
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => seen.Add(seconds));
        listener.Start();
        double left = (_node.Certificate.NotAfter.ToUniversalTime() - _time.GetUtcNow().UtcDateTime).TotalSeconds;
        listener.RecordObservableInstruments();
        Assert.Contains(seen, seconds => Math.Abs(seconds - left) < 0.001);

        seen.Clear();
        _time.Advance(TimeSpan.FromHours(30));
        listener.RecordObservableInstruments();
        Assert.Contains(seen, seconds => Math.Abs(seconds - left + (30 * 3600)) < 0.001);
        Assert.True(left - (30 * 3600) < 0);
    }

    private void Put(TlsFiles files)
    {
        File.Copy(files.Certificate, _files.Certificate, overwrite: true);
        File.Copy(files.Key, _files.Key, overwrite: true);
    }
}
