using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;

await Start.RunAsync(() => CommandLine.RunAsync(KoalaProgram.Create(TimeProvider.System), args));
