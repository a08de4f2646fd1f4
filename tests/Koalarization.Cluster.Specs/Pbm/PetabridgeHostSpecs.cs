using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.PetabridgeCmd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace Koalarization.Cluster.Specs.Pbm;

/// <summary>The palette, against the surface that is written out beside this file.</summary>
public sealed class PetabridgeHostSpecs : TestKit
{
    private readonly List<(string Switch, string Value)> _given = [];

    private IReadOnlyList<PaletteCommand> Commands =>
    [
        new("status", "Show it", [new("job", "Which", IsMandatory: true, ["--job", "-j"]), new("json", "As JSON", IsMandatory: false, ["--json"])], RunAsync),
        new("jobs", "List them", [], _ => throw new NotSupportedException("never")),
    ];

    [Fact]
    public void Commands_and_their_arguments_are_the_palettes()
    {
        CommandPalette palette = new KoalaPalette(Commands).Palette;
        Assert.Equal("koala", palette.ModuleName);
        Assert.Equal([("status", "Show it"), ("jobs", "List them")], palette.Commands.Select(command => (command.Name, command.Description)));
        Assert.Equal(
            [("job", "Which", true, "--job -j"), ("json", "As JSON", false, "--json")],
            palette.Commands.First().ArgumentsByName.Values.Select(argument => (argument.Name, argument.Description, argument.Mandatory, string.Join(' ', argument.Switch))));
    }

    [Theory]
    [InlineData("birds", false)]
    [InlineData("none", true)]
    public void A_command_is_run_with_its_arguments_and_answers_its_asker_once(string job, bool isError)
    {
        IActorRef handler = Sys.ActorOf(new KoalaPalette(Commands).HandlerProps);
        handler.Tell(new Command("status", [Tuple.Create("-j", job)]), TestActor);
        CommandResponse answer = ExpectMsg<CommandResponse>();
        Assert.Equal(("about " + job, true, isError), (answer.Msg, answer.Final, answer is ErroredCommandResponse));
        Assert.Equal([("-j", job)], _given);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_node_serves_it_on_loopback_beside_the_ready_palettes()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("pbm", akka => akka.AddPetabridgeHost(9110, Commands));
        using IHost host = builder.Build();
        await host.StartAsync();
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal(("127.0.0.1", 9110), (system.Settings.Config.GetString("petabridge.cmd.host"), system.Settings.Config.GetInt("petabridge.cmd.port")));
        Assert.Equal(["koala", "cluster", "cluster-sharding", "remote"], PetabridgeCmdHostingExtensions.Started!.Palettes.Select(handler => handler.Palette.ModuleName));
        await host.StopAsync();
    }

    private Task<PaletteAnswer> RunAsync(IReadOnlyList<(string Switch, string Value)> given)
    {
        _given.AddRange(given);
        return Task.FromResult(new PaletteAnswer(given[0].Value == "none", "about " + given[0].Value));
    }
}
