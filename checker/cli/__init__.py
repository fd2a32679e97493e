"""The command line: the only room that knows click, progress lines and exit codes."""
