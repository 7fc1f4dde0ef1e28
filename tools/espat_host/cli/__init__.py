"""The `espat` command: one module for each of its commands, and what they share."""

from espat_host.cli.espat import main

__all__ = ["main"]
