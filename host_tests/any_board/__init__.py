"""The commands on whatever board is named by --port, and on a simulated one without."""
