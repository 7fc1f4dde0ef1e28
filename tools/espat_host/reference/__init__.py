"""docs/espat/: a page for every command, made from the help of the command line itself."""
