"""From the source to what a board gets: linked units, compiled, and packed for updates."""
