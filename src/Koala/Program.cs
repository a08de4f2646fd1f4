using System.CommandLine;
using Koalarization.Koala.Commands;

TimeProvider time = TimeProvider.System;
var program = new RootCommand("Builds data sets for image colourisation: links in, TFRecords with luminance, colours and Inception logits out.")
{
    new CompletionCommand(time),
};
program.Options.Add(CommonOptions.Json);
program.Options.Add(CommonOptions.Debug);
ExamplesHelp.AddTo(program);
return await CommandLine.RunAsync(program, args);
