using System.CommandLine;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary><c>koala doctor [DIR|LIST]</c>: checks this machine, or a list of links; with <c>--store</c> it measures a store.</summary>
internal sealed class DoctorCommand : KoalaCommand
{
    private readonly PathArgument _folder = new("DIR|LIST")
    {
        Description = "Folder for data sets, whose disk is checked; or a list of links, which is read and nothing of it fetched",
        DefaultValueFactory = _ => ".",
    };

    private readonly ListOptions _list = new();
    private readonly Option<string?> _libTorch = TorchOptions.LibTorchOption();
    private readonly Option<string?> _store = new("--store")
    {
        Description = "Measure a store instead: publishing once, names, how fast pictures and records become durable, and how many pictures a second that makes",
        HelpName = "DIR",
    };

    public DoctorCommand(TimeProvider time)
        : base("doctor", "Check this machine (JPEG library, network, devices and disk), a list of links, or a store", time)
    {
        Add(_folder);
        _list.AddTo(this);
        Add(_libTorch);
        Add(_store);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala doctor",
        "koala doctor /mnt/data --json",
        "koala doctor --store /mnt/store    # how many pictures a second the store can take from here, and why",
        "koala doctor --libtorch venv/lib/python3.12/site-packages/torch/lib   # which GPUs a PyTorch would use",
        "koala doctor urls.csv          # format, columns, hosts and duplicates of a list, and what is skipped",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        if (arguments.GetValue(_store) is string store)
        {
            RefuseBesideStore(arguments);
            return await new StoreCheck(reporter, Time).RunAsync(store, cancellation) ? ExitCode.Done : ExitCode.Incomplete;
        }

        string folder = arguments.GetRequiredValue(_folder);
        if (folder == "-" || LinkSource.IsUrl(folder) || File.Exists(folder))
        {
            return await CheckListAsync(folder, _list.Reading(arguments), reporter, cancellation);
        }

        TorchOptions.Use(arguments, _libTorch);
        bool failed = false;
        foreach (CheckResult result in MachineCheck.Of(folder, Time))
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Result(result);
            failed |= result.Status == CheckStatus.Error;
        }

        return failed ? ExitCode.Incomplete : ExitCode.Done;
    }

    private void RefuseBesideStore(ParseResult arguments)
    {
        if (arguments.GetResult(_folder) is { Tokens.Count: > 0 } || arguments.GetValue(_libTorch) is not null)
        {
            throw new UserErrorException("--store measures a store and nothing else; omit it, or what is beside it.", ExitCode.UsageError);
        }
    }

    private static async Task<int> CheckListAsync(string source, ListReading reading, IReporter reporter, CancellationToken cancellation)
    {
        var list = new LinkSource(source, reading);
        ListCheck check = await ListCheck.OfAsync(source, list, cancellation);
        if (check.Links == 0)
        {
            throw new UserErrorException(list.NoLinkSentence);
        }

        reporter.Result(check);
        return ExitCode.Done;
    }
}
