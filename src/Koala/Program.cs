using Koalarization.Koala.Commands;

await CommandLine.RunAsync(KoalaProgram.Create(TimeProvider.System), args);
