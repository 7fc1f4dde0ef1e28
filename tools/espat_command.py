"""What `espat` starts with. The rest takes a moment to load, and Control-C ends that without a word
of Python; in a package of ours this would come too late, behind all that the package imports."""

import os
import signal

INTERRUPTED = 130


def main() -> None:
    """Load the command, and run it."""
    before = signal.getsignal(signal.SIGINT)
    if before != signal.SIG_IGN:
        signal.signal(signal.SIGINT, _leave)
    from espat_host.cli import main as command

    signal.signal(signal.SIGINT, before)
    command(prog_name="espat")


def _leave(number: int, frame: object) -> None:
    """Nothing has been begun that would have to be ended."""
    os.write(2, b"\r\x1b[Kespat: interrupted\n" if os.isatty(2) else b"espat: interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
