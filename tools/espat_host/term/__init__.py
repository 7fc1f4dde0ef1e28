"""`espat term`: a terminal made for AT. docs/terminal.md is about its keys and commands.

conversation.py, data_commands.py, commands.py and colon.py are the model: no terminal, no port.
shell.py puts prompt_toolkit on top of them, link.py the port below."""
