"""The command line: a module with a function `main` for each subcommand."""
