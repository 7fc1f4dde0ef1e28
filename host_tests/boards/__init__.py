"""The boards as data, and the ways onto a real one: `espat ports`, `flash`, `deploy`."""
