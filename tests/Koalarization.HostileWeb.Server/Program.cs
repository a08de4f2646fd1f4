using System.Runtime.InteropServices;
using Koalarization.Hostile;

// hostile-web FOLDER [GOOD_PICTURES]: opens the web until Ctrl-C; FOLDER gets links.txt, and expected.tsv (outcome, detail, URL, what it does).
if (args is not ([_] or [_, _]) || (args.Length == 2 && !int.TryParse(args[1], out _)))
{
    await Console.Error.WriteLineAsync("hostile-web FOLDER [GOOD_PICTURES]: say where the list goes, and how many good pictures there are beside the hostile links.");
    return 2;
}

var closing = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Close);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Close);
await using HostileWeb web = await HostileWeb.StartAsync(args.Length == 2 ? int.Parse(args[1]) : 0);
string folder = Directory.CreateDirectory(args[0]).FullName;
string links = Path.Combine(folder, "links.txt");
await File.WriteAllTextAsync(Path.Combine(folder, "expected.tsv"), string.Concat(web.Endpoints.Select(row => $"{row.Outcome}\t{row.Detail}\t{row.Url}\t{row.Does}\n")));
await File.WriteAllTextAsync(links, web.LinksText);
Console.WriteLine($"{web.Endpoints.Count} links, {web.Endpoints.Count(row => row.Kept is not null)} of them good pictures. Ctrl-C closes the web.");
Console.WriteLine($"SSL_CERT_FILE={web.AuthorityFile} koala download {links} {Path.Combine(folder, "original")} --allow-private");
await closing.Task;
return 0;

void Close(PosixSignalContext context)
{
    context.Cancel = true;
    closing.TrySetResult();
}
