using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Control;
using Petabridge.Cmd;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Remote;

namespace Koalarization.Cluster.PetabridgeCmd;

/// <summary>Serves the palette <c>koala</c>, and the ready ones for clusters, shards and remoting, to <c>pbm</c>. All that this program knows of Petabridge.Cmd is in this file.</summary>
public static class PetabridgeHost
{
    /// <summary>Whether the program is built with it.</summary>
    public static bool IsBuiltIn => true;

    /// <summary>Makes a node serve the palettes, on 127.0.0.1 only: pbm asks for no token.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="port">The port.</param>
    /// <param name="commands">The commands of the palette <c>koala</c>.</param>
    public static AkkaConfigurationBuilder AddPetabridgeHost(this AkkaConfigurationBuilder builder, int port, IReadOnlyList<PaletteCommand> commands) =>
        builder
            .AddHocon($"petabridge.cmd.host = \"127.0.0.1\"\npetabridge.cmd.port = {port}", HoconAddMode.Prepend)
            .AddPetabridgeCmd(pbm =>
            {
                pbm.RegisterCommandPalette(new KoalaPalette(commands));
                pbm.RegisterCommandPalette(ClusterCommands.Instance);
                pbm.RegisterCommandPalette(ClusterShardingCommands.Instance);
                pbm.RegisterCommandPalette(new RemoteCommands());
            });
}

/// <summary>The palette <c>koala</c>.</summary>
internal sealed class KoalaPalette : CommandPaletteHandler
{
    public KoalaPalette(IReadOnlyList<PaletteCommand> commands)
        : this(new CommandPalette("koala", [.. commands.Select(Definition)]), commands)
    {
    }

    private KoalaPalette(CommandPalette palette, IReadOnlyList<PaletteCommand> commands)
        : base(palette) => HandlerProps = Props.Create(() => new KoalaCommandHandler(palette, commands));

    public override Props HandlerProps { get; }

    private static CommandDefinition Definition(PaletteCommand command)
    {
        CommandDefinitionBuilder definition = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (PaletteArgument argument in command.Arguments)
        {
            definition = definition.WithArgument(builder =>
            {
                builder.WithName(argument.Name).WithDescription(argument.Description).IsMandatory(argument.IsMandatory);
                foreach (string each in argument.Switches)
                {
                    builder.WithSwitch(each);
                }
            });
        }

        return definition.Build();
    }
}

/// <summary>Runs the commands of one connection of <c>pbm</c>.</summary>
internal sealed class KoalaCommandHandler : CommandHandlerActor
{
    public KoalaCommandHandler(CommandPalette palette, IReadOnlyList<PaletteCommand> commands)
        : base(palette)
    {
        foreach (PaletteCommand command in commands)
        {
            Process(command.Name, asked => Run(command, asked));
        }
    }

    private void Run(PaletteCommand command, Command asked)
    {
        (string, string)[] given = [.. asked.Arguments.Select(argument => (argument.Item1, argument.Item2))];
        _ = command.RunAsync(given).PipeTo(Sender, Self, answer => answer.IsError ? new ErroredCommandResponse(answer.Text) : new CommandResponse(answer.Text));
    }
}
