"""How gunicorn runs the local world; gunicorn reads this file's names as its settings."""

import os
import signal
import sys
import threading

worker_class = "gthread"
threads = 8
# Longer than any pause of a test: a connection kept alive must not end by itself.
keepalive = 60
# A body may take as long as the slowest port needs.
timeout = 0
graceful_timeout = 1
control_socket_disable = True
loglevel = "warning"


def post_worker_init(worker: object) -> None:
    """Called in the worker when it is ready."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """stdin is a pipe that only the program holds which wanted the servers. It ends with that
    program however that ends, a SIGKILL included, and so no server is ever left behind."""
    sys.stdin.buffer.read()
    os.kill(os.getppid(), signal.SIGTERM)
