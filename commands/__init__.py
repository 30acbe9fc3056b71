"""One command of the command line in each file: parse, call, print. Nothing heavy is imported before one runs."""
