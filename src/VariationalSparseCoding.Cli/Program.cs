using VariationalSparseCoding.Cli;

return await Tool.Commands().RunAsync(args, Console.Out, Console.Error);
