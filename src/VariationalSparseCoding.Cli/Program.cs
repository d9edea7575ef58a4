using VariationalSparseCoding.Cli;
using VariationalSparseCoding.Images;

ImageData.Register();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
