"""The command line: a file for each command, which calls a function of the library by name."""
