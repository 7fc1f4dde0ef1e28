"""Where the project's files lie: the command works on the source folder it was installed from."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache" / "mpy"
