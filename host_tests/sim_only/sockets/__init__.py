"""Links where only a simulated board can show them: its memory, TLS, and lines of every speed."""
