using VariationalSparseCoding.Cli.Full;

return await Tool.Commands().RunAsync(args, Console.Out, Console.Error);
