# Floor 1: one resource each. The only modules that touch hardware, sockets and files.
