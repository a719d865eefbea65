"""The command line: its verbs, what a person asked for, and what it answers."""
