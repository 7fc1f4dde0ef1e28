"""What HTTP has here beyond ESP-AT (wire.md 15)."""
