"""Requests and bodies on any board, against servers good and bad."""
