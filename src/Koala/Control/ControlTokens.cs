using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Koala.Control;

/// <summary>The tokens that a control node asks its users for.</summary>
/// <param name="command">Whoever has this one may do everything.</param>
/// <param name="view">Whoever has this one may look; null: there is no such token.</param>
internal sealed class ControlTokens(TokenFile command, TokenFile? view)
{
    private const string Scheme = "Bearer ";

    /// <summary>What a request may do.</summary>
    /// <param name="authorization">Its header <c>Authorization</c>; null: it has none.</param>
    public ControlAccess AccessOf(string? authorization)
    {
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return ControlAccess.None;
        }

        // Both are compared whichever fits, in a time that says nothing about them.
        byte[] given = Hash(authorization[Scheme.Length..].Trim());
        bool mayCommand = CryptographicOperations.FixedTimeEquals(given, Hash(command.Token));
        bool mayLook = view is not null & CryptographicOperations.FixedTimeEquals(given, Hash(view?.Token ?? ""));
        return mayCommand ? ControlAccess.Command : mayLook ? ControlAccess.Look : ControlAccess.Unknown;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
