# Starts the firmware and keeps the board within reach, whatever that firmware is (docs/startup.md).
#
# It lies beside the package, with espat_rescue.py and espat_versions.py, and not in it: no update
# can take away the way back. What it asks of the package is espat.run.run(board, start), and it
# gives it a Start; both stay as they are. What is needed at the start alone is loaded and dropped.
#
# Starts in a row that have not proved themselves are counted in the RTC's memory, which survives
# every reset and wears nothing out.

import errno
import os
import sys
import time

import machine
import vfs

MARK = b"espat starts:"  # and one byte behind it, the count
_PAUSE_MS = 1000  # for the log, and for Ctrl-C
_LIB, _SHORT_CUT = "lib", "/units"
_UNITS = _LIB + "/espat/units.pack"  # see tools/espat_host/build/bundle.py
_FOLDER, _FILE = 0x4000, 0x8000  # stat's S_IFDIR and S_IFREG


class Start:
    """The present start, for the firmware to say what became of it."""

    def on_purpose(self):
        """A restart that comes now is no failure."""
        note(0)

    def served(self):
        """The firmware works: it may stay. True: an old one is left to be removed."""
        note(0)
        return _borrow("espat_rescue").prove()


class ShortCut:
    """lib once more, as a file system in which to import: for each module MicroPython asks for a
    folder, a .py and a .mpy of that name, and each question reads through the folders on the flash.
    Here it is known what there is, and the file is simply opened."""

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def stat(self, path):
        if path == "/board.py":
            return os.stat(path)
        if path == "/espat":
            return (_FOLDER,) + (0,) * 9
        if path.startswith("/espat") and path.endswith(".mpy") and "__init__" not in path:
            return os.stat(_LIB + path) if path[6] == "_" else (_FILE,) + (0,) * 9
        raise OSError(errno.ENOENT)

    def open(self, path, mode):
        try:
            return open(path if path == "/board.py" else _LIB + path, mode)
        except OSError:
            return _unit(path[7:-4], mode)


def _unit(name, mode):
    """A file, at the place where the unit's .mpy begins."""
    file = open(_UNITS, mode)  # noqa: SIM115 - MicroPython closes it
    index = file.readline()
    at = index.find(b" " + name.encode() + b":")
    if at < 0:
        file.close()
        raise OSError(errno.ENOENT)
    file.seek(len(index) + int(index[at:].split(b" ")[1].split(b":")[1]))
    return file


def run():
    """Run the firmware. Returns, and so leaves the board in its REPL, when somebody asks for it or
    the firmware does not come up."""
    try:
        _run()
    except KeyboardInterrupt:
        note(0)
        print("espat: stopped by Ctrl-C; Ctrl-D starts it again")


def note(count):
    """Keep the number of starts in a row that have not proved themselves."""
    machine.RTC().memory(MARK + bytes((count,)))


def _run():
    try:
        _take_short_cut()
        if not _borrow("espat_rescue").may_start():
            return
        import board
        from espat.run import run

        run(board, Start())
    except Exception as error:  # noqa: BLE001 - whatever it was, the board starts again
        _restart(error)


def _take_short_cut():
    """If there is a firmware as it is deployed: one in the image, or of source files, is found
    without."""
    try:
        os.stat(_LIB + "/espat/run.mpy")  # looks for one name; listdir() reads all of a folder
    except OSError:
        return
    vfs.mount(ShortCut(), _SHORT_CUT)
    sys.path[0] = _SHORT_CUT


def _restart(error):
    try:
        _borrow("espat_rescue").keep(error)
    except Exception as trouble:  # noqa: BLE001 - out of memory, for one
        sys.print_exception(error)
        print("espat: the traceback is not kept:", trouble)
    time.sleep_ms(_PAUSE_MS)
    machine.reset()


def _borrow(name):
    """A module that takes no memory when its work is done."""
    module = __import__(name)
    del sys.modules[name]
    return module
