"""From the source to what a board gets: units, their bytecode, packages for updates."""
