"""What the firmware takes: its figures beside those of bare loops, its memory, its weight."""
