"""What the program keeps of an output between runs: the ledger's database, its tables, and who may write."""
