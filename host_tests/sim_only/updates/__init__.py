"""A new firmware by AT+USEROTA and AT+CIUPDATE, and what becomes of a start."""
