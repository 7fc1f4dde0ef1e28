# The one file that is left of a download that broke off, beside the folder of the host's files, and
# a tag that says what it is a part of. Both are consistent whenever the power goes: the tag is
# written when the part is empty for good, and what is written to the part later only makes it
# longer.

import os

from espat.edges import flash
from espat.edges.files import path_of

_PART, _TAG = "fs-part-waiting", "fs-part-described"  # short strings would be kept as names
_SIZE = 6  # index in what os.stat() gives
_EVERY = 32768  # bytes that a power cut may cost


class Part:
    """What there is of `what`, bytes that name a download: `size` bytes of the version that the
    server calls `validator`. As a context manager it stays, unless there is no validator."""

    def __init__(self, what):
        self._what = what
        self._file = None
        self._unsaved = self.size = 0
        try:
            with open(_TAG, "rb") as tag:
                found, _, self.validator = tag.read().partition(b"\n")
            if found == what:
                self.size = os.stat(_PART)[_SIZE]
        except OSError:
            pass  # there is none, or none that could be gone on with
        if not self.size:
            self.forget()

    def forget(self):
        """Have nothing."""
        self.size, self.validator = 0, b""
        for name in (_TAG, _PART):
            try:
                os.remove(name)
            except OSError:
                pass

    def begin(self, validator):
        """From the beginning, of this version; b"": it cannot be gone on with."""
        self.forget()
        flash.call(_put, _PART, b"")
        if validator:
            flash.call(_put, _TAG, self._what + b"\n" + validator)
        self.validator = validator

    def open(self):
        self._file = flash.call(open, _PART, "r+b")
        flash.call(self._file.seek, self.size)

    def write(self, data):
        flash.call(self._file.write, data)
        self._unsaved += len(data)
        if self._unsaved > _EVERY:
            flash.call(self._file.flush)
            self._unsaved = 0

    def keep(self, name):
        """It is whole: from now on it is the host's file of this name."""
        flash.call(self._file.close)
        flash.call(os.rename, _PART, path_of(name))
        self.forget()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            if self._file is not None:
                self._file.close()
        except OSError:
            self.validator = b""  # nobody knows what it holds
        if not self.validator:
            self.forget()


def _put(name, data):
    with open(name, "wb") as file:
        file.write(data)
