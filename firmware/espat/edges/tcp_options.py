# What MicroPython lets a TCP connection be told.

import socket


def send_at_once(sock):
    """Small data do not wait for what was sent before (TCP_NODELAY)."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
