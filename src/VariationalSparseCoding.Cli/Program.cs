Console.WriteLine("vsc");
