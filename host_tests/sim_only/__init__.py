"""What only a simulated world brings about: its clock, its memory, a cut of its power."""
