Console.WriteLine("observability");
