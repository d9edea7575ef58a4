using VariationalSparseCoding.Cli;
using VariationalSparseCoding.Images;

return await Tool.Commands().RunAsync(args, Console.Out, Console.Error);
