"""The user at a terminal: what is shown while one waits, signals, streams that are closed."""
