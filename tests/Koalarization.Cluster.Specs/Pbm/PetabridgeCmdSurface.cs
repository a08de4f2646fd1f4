// For tests only: as much of the public surface of the packages Petabridge.Cmd.* as PetabridgeHost.cs uses, written out from their public documentation and
// samples, so that the file is compiled and run where the packages cannot be had. Nothing of it is in the product.
#pragma warning disable MA0048 // One file, so that it can be compared with the packages at a glance.

using Akka.Actor;
using Akka.Hosting;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd
{
    public sealed class ArgumentDefinition
    {
        public string Name { get; set; } = "";

        public string Description { get; set; } = "";

        public bool Mandatory { get; set; }

        public ISet<string> Switch { get; } = new HashSet<string>(StringComparer.Ordinal);
    }

    public sealed class ArgumentDefinitionBuilder
    {
        internal ArgumentDefinition Argument { get; } = new();

        public ArgumentDefinitionBuilder WithName(string name)
        {
            Argument.Name = name;
            return this;
        }

        public ArgumentDefinitionBuilder WithDescription(string description)
        {
            Argument.Description = description;
            return this;
        }

        public ArgumentDefinitionBuilder IsMandatory(bool mandatory)
        {
            Argument.Mandatory = mandatory;
            return this;
        }

        public ArgumentDefinitionBuilder WithSwitch(string name)
        {
            Argument.Switch.Add(name);
            return this;
        }
    }

    public sealed record CommandDefinition(string Name, string Description, IReadOnlyDictionary<string, ArgumentDefinition> ArgumentsByName);

    public sealed class CommandDefinitionBuilder
    {
        private readonly Dictionary<string, ArgumentDefinition> _arguments = new(StringComparer.Ordinal);
        private string _name = "";
        private string _description = "";

        public CommandDefinitionBuilder WithName(string name)
        {
            _name = name;
            return this;
        }

        public CommandDefinitionBuilder WithDescription(string description)
        {
            _description = description;
            return this;
        }

        public CommandDefinitionBuilder WithArgument(Action<ArgumentDefinitionBuilder> argument)
        {
            var builder = new ArgumentDefinitionBuilder();
            argument(builder);
            _arguments.Add(builder.Argument.Name, builder.Argument);
            return this;
        }

        public CommandDefinition Build() => new(_name, _description, _arguments);
    }

    public sealed record CommandPalette(string ModuleName, IEnumerable<CommandDefinition> Commands);

    public sealed record Command(string Name, IReadOnlyList<Tuple<string, string>> Arguments);

    public class CommandResponse(string msg, bool final = true)
    {
        public string Msg => msg;

        public bool Final => final;
    }

    public sealed class ErroredCommandResponse(string msg) : CommandResponse(msg);
}

namespace Petabridge.Cmd.Host
{
    public abstract class CommandPaletteHandler(CommandPalette palette)
    {
        public CommandPalette Palette => palette;

        public abstract Props HandlerProps { get; }
    }

    public abstract class CommandHandlerActor : UntypedActor
    {
        private readonly Dictionary<string, Action<Command>> _handlers = new(StringComparer.Ordinal);

        protected CommandHandlerActor(CommandPalette palette) => Palette = palette;

        public CommandPalette Palette { get; }

        protected void Process(string command, Action<Command> handler) => _handlers.Add(command, handler);

        protected override void OnReceive(object message)
        {
            if (message is Command command)
            {
                _handlers[command.Name](command);
            }
        }
    }

    public sealed class PetabridgeCmd
    {
        public IList<CommandPaletteHandler> Palettes { get; } = new List<CommandPaletteHandler>();

        public bool RegisterCommandPalette(CommandPaletteHandler handler)
        {
            Palettes.Add(handler);
            return true;
        }
    }

    public static class PetabridgeCmdHostingExtensions
    {
        public static AkkaConfigurationBuilder AddPetabridgeCmd(this AkkaConfigurationBuilder builder, Action<PetabridgeCmd> hostConfiguration) =>
            builder.AddStartup((_, registry) =>
            {
                var pbm = new PetabridgeCmd();
                hostConfiguration(pbm);
                Started = pbm;
            });

        /// <summary>The tests' only: what was started.</summary>
        public static PetabridgeCmd? Started { get; private set; }
    }
}

namespace Petabridge.Cmd.Cluster
{
    public sealed class ClusterCommands : CommandPaletteHandler
    {
        public static readonly ClusterCommands Instance = new();

        private ClusterCommands()
            : base(new CommandPalette("cluster", []))
        {
        }

        public override Props HandlerProps => Props.Empty;
    }
}

namespace Petabridge.Cmd.Cluster.Sharding
{
    public sealed class ClusterShardingCommands : CommandPaletteHandler
    {
        public static readonly ClusterShardingCommands Instance = new();

        private ClusterShardingCommands()
            : base(new CommandPalette("cluster-sharding", []))
        {
        }

        public override Props HandlerProps => Props.Empty;
    }
}

namespace Petabridge.Cmd.Remote
{
    public sealed class RemoteCommands() : CommandPaletteHandler(new CommandPalette("remote", []))
    {
        public override Props HandlerProps => Props.Empty;
    }
}
