"""Networks that come and go around a board, its own one, and the loss of the link."""
