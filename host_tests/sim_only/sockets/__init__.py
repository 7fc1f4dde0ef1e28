"""Links, where only a simulated world can show them: memory, TLS, the speed of a line."""
