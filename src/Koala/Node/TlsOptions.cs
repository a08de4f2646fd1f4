using System.CommandLine;
using Koalarization.Cluster.Tls;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Node;

/// <summary>The files of a node's TLS: three options, or three variables of the environment.</summary>
internal sealed class TlsOptions
{
    /// <summary>The variables of the environment.</summary>
    public const string CertificateVariable = "KOALA_TLS_CERT", KeyVariable = "KOALA_TLS_KEY", AuthorityVariable = "KOALA_TLS_CA";

    private readonly Option<string?> _certificate = File("--tls-cert", "This node's certificate, in PEM: mutual TLS with all other nodes; read again each minute", CertificateVariable);
    private readonly Option<string?> _key = File("--tls-key", "The certificate's private key, in PEM", KeyVariable);
    private readonly Option<string?> _authority = File("--tls-ca", "The authority that signs all nodes' certificates, in PEM; read again at each connection", AuthorityVariable);

    public void AddTo(Command command)
    {
        command.Add(_certificate);
        command.Add(_key);
        command.Add(_authority);
    }

    /// <summary>The files; null where none is given.</summary>
    /// <exception cref="UserErrorException">Some are given and some are not.</exception>
    public TlsFiles? Files(ParseResult arguments) =>
        Of(arguments.GetValue(_certificate), arguments.GetValue(_key), arguments.GetValue(_authority));

    /// <summary>The files that the environment names; null where it names none.</summary>
    /// <exception cref="UserErrorException">It names some and not others.</exception>
    public static TlsFiles? FilesOfEnvironment() => Of(null, null, null);

    private static TlsFiles? Of(string? certificate, string? key, string? authority) =>
        (certificate ?? EnvironmentVariable.Value(CertificateVariable), key ?? EnvironmentVariable.Value(KeyVariable), authority ?? EnvironmentVariable.Value(AuthorityVariable)) switch
        {
            (null, null, null) => null,
            (string c, string k, string a) => new TlsFiles(Path.GetFullPath(c), Path.GetFullPath(k), Path.GetFullPath(a)),
            _ => throw new UserErrorException("--tls-cert, --tls-key and --tls-ca go together; give all three, or none.", ExitCode.UsageError),
        };

    private static Option<string?> File(string name, string description, string variable) =>
        new(name) { Description = $"{description} (default: {variable})", HelpName = "FILE" };
}
