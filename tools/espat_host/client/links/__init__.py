"""Links: TCP and TLS connections of a board, which look like sockets."""
