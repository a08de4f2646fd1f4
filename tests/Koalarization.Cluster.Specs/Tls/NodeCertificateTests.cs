using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Koalarization.Cluster.Tls;

namespace Koalarization.Cluster.Specs.Tls;

public sealed class NodeCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];
    private readonly TestAuthority _ours;
    private readonly TestAuthority _theirs;

    public NodeCertificateTests() => (_ours, _theirs) = (new TestAuthority(_folder.Path, "ours"), new TestAuthority(_folder.Path, "theirs"));

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_node_trusts_its_own_authority_in_both_directions_and_no_other()
    {
        using NodeCertificate node = Load(_ours.Sign());
        using X509Certificate2 member = Read(_ours.Sign()), stranger = Read(_theirs.Sign());

        Assert.Null(node.FaultOfCaller(member, sent: null));
        Assert.Null(node.FaultOfCalled(member, sent: null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.Contains("not to be trusted", node.FaultOfCaller(stranger, sent: null), StringComparison.Ordinal);
        Assert.Contains("not to be trusted", node.FaultOfCalled(stranger, sent: null, SslPolicyErrors.None), StringComparison.Ordinal);
        Assert.Equal("it has no certificate", node.FaultOfCaller(null, sent: null));
    }

    [Fact]
    public void A_node_that_is_called_has_the_name_that_was_called()
    {
        using NodeCertificate node = Load(_ours.Sign());
        using X509Certificate2 other = Read(_ours.Sign("other.example"));

        Assert.Contains("not for that name", node.FaultOfCalled(other, sent: null, SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_has_expired_while_its_node_ran_is_refused()
    {
        using NodeCertificate node = Load(_ours.Sign());
        using X509Certificate2 expired = Read(_ours.Sign(fromDays: -10, untilDays: -5)), early = Read(_ours.Sign(fromDays: 5, untilDays: 10));

        Assert.NotNull(node.FaultOfCaller(expired, sent: null));
        Assert.NotNull(node.FaultOfCaller(early, sent: null));
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1", false, true)]
    [InlineData("1.3.6.1.5.5.7.3.2", true, false)]
    public void A_certificate_counts_only_for_what_it_was_signed_for(string purpose, bool mayCall, bool mayBeCalled)
    {
        using NodeCertificate node = Load(_ours.Sign());
        using X509Certificate2 half = Read(_ours.Sign(purposes: purpose));

        Assert.Equal((mayCall, mayBeCalled), (node.FaultOfCaller(half, sent: null) is null, node.FaultOfCalled(half, sent: null, SslPolicyErrors.None) is null));
    }

    [Fact]
    public void A_new_authority_is_trusted_and_an_old_one_refused_without_a_restart()
    {
        using NodeCertificate node = Load(_ours.Sign());
        using X509Certificate2 stranger = Read(_theirs.Sign()), member = Read(_ours.Sign());
        Assert.NotNull(node.FaultOfCaller(stranger, sent: null));

        File.WriteAllText(_ours.Path, _ours.Pem + _theirs.Pem);
        Assert.Null(node.FaultOfCaller(stranger, sent: null));
        Assert.Null(node.FaultOfCaller(member, sent: null));

        File.WriteAllText(_ours.Path, _theirs.Pem);
        Assert.NotNull(node.FaultOfCaller(member, sent: null));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void An_authority_that_cannot_be_read_for_a_while_stays_trusted_and_is_told_once(string? content)
    {
        using NodeCertificate node = Load(_ours.Sign());
        using X509Certificate2 member = Read(_ours.Sign()), stranger = Read(_theirs.Sign());
        File.Delete(_ours.Path);
        if (content is not null)
        {
            File.WriteAllText(_ours.Path, content);
        }

        Assert.Null(node.FaultOfCaller(member, sent: null));
        Assert.NotNull(node.FaultOfCaller(stranger, sent: null));
        Assert.Contains("trusted until it can be read", Assert.Single(_notes), StringComparison.Ordinal);

        File.WriteAllText(_ours.Path, _ours.Pem);
        Assert.Null(node.FaultOfCaller(member, sent: null));
        Assert.Single(_notes);
    }

    [Fact]
    public void Authorities_between_may_be_in_the_file_of_the_certificate_or_of_the_authority()
    {
        using TestAuthority between = _ours.Below("between");
        TlsFiles files = between.Sign() with { Authority = _ours.Path };
        File.AppendAllText(files.Certificate, between.Pem);
        using NodeCertificate node = Load(files);
        using X509Certificate2 member = Read(between.Sign());
        Assert.NotNull(node.FaultOfCaller(member, sent: null));

        File.AppendAllText(_ours.Path, between.Pem);
        Assert.Null(node.FaultOfCaller(member, sent: null));
    }

    [Fact]
    public void What_is_wrong_with_the_files_is_said_before_the_node_starts()
    {
        TlsFiles good = _ours.Sign();
        string empty = _folder["empty.pem"], pipe = _folder["pipe"];
        File.WriteAllText(empty, "");
        using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            made.WaitForExit();
        }

        using var rsa = RSA.Create(2048);
        File.WriteAllText(_folder["locked.key"], rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)));

        Refused("does not exist", good with { Certificate = _folder["none.pem"] });
        Refused("does not exist", good with { Key = _folder["none.key"] });
        Refused("does not exist", good with { Authority = _folder["none-ca.pem"] });
        Refused("has no certificate", good with { Certificate = empty });
        Refused("has no certificate", good with { Certificate = good.Key });
        Refused("has no private key", good with { Key = empty });
        Refused("has no private key", good with { Key = good.Certificate });
        Refused("has no certificate", good with { Authority = empty });
        Refused("is no regular file", good with { Certificate = pipe });
        Refused("is no regular file", good with { Authority = "/dev/zero" });
        Refused("cannot be read", good with { Key = _folder.Path });
        Refused("is not the key of", good with { Key = _ours.Sign().Key });
        Refused("has a password", good with { Key = _folder["locked.key"] });
        Refused("expired on", _ours.Sign(fromDays: -5, untilDays: -2));
        Refused("valid only from", _ours.Sign(fromDays: 2, untilDays: 5));
        Refused("not one of the authority", good with { Authority = _theirs.Path });
        Refused("signed by itself", good with { Authority = good.Certificate });
        Refused("is not for 127.0.0.1", _ours.Sign("a.lan"));
        Refused("not for both ends", _ours.Sign(purposes: TestAuthority.BothEnds[0]));
        Refused("not for both ends", _ours.Sign(purposes: TestAuthority.BothEnds[1]));
        Load(_ours.Sign(purposes: TestAuthority.BothEnds)).Dispose();
    }

    private static X509Certificate2 Read(TlsFiles files) => X509CertificateLoader.LoadCertificateFromFile(files.Certificate);

    private void Refused(string part, TlsFiles files) => Assert.Contains(part, Assert.Throws<TlsException>(() => Load(files)).Message, StringComparison.Ordinal);

    private NodeCertificate Load(TlsFiles files) => NodeCertificate.Load(files, "127.0.0.1", TimeProvider.System, _notes.Add);
}
