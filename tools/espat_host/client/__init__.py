"""The library: a board on a serial port, from bytes to commands, requests and networks."""
