using Akka.Hosting;
using Koalarization.Cluster.Control;

namespace Koalarization.Cluster.PetabridgeCmd;

/// <summary>Stands where the program is built without Petabridge.Cmd: <c>-p:PetabridgeCmd=true</c> puts the project of this name in its place.</summary>
internal static class PetabridgeHost
{
    public static bool IsBuiltIn => false;

    public static AkkaConfigurationBuilder AddPetabridgeHost(this AkkaConfigurationBuilder builder, int port, IReadOnlyList<PaletteCommand> commands) =>
        throw new NotSupportedException($"There is no port {port} for {commands.Count} commands: this program was built without Petabridge.Cmd.");
}
