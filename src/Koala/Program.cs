using Koalarization.Koala.Commands;

return await CommandLine.RunAsync(KoalaProgram.Create(TimeProvider.System), args);
