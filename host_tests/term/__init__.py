"""`espat term`: its model, its screen, its ends."""
