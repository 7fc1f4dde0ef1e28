"""Dialogues with a board as text: read, played, shown to people."""
