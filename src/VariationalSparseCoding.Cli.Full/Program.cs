using VariationalSparseCoding.Cli.Full;
using VariationalSparseCoding.Commands;

// Before all that takes time, and to the end of the process.
var interruption = new Interruption();
return await Tool.Commands().RunAsync(args, Console.Out, Console.Error, interruption);
