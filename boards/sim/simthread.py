# The module `_thread` of a chip: a thread's stack comes from the system heap.

import _thread

import simchip
from simheap import NoRoom
from simsystem import of_thread

LockType, allocate_lock, exit, get_ident = (
    _thread.LockType,
    _thread.allocate_lock,
    _thread.exit,
    _thread.get_ident,
)
# Names are looked up by the PC's libc, which crashes on a chip's 5 KB.
_REAL_STACK = 128 * 1024
_size = [0]


def stack_size(size=0):
    before = _size[0]
    _size[0] = size
    return before


def start_new_thread(function, args, kwargs=None):
    stack = max(_size[0] or simchip.USUAL_STACK, simchip.SMALLEST_STACK)
    try:
        part = of_thread(stack + simchip.THREAD)
    except NoRoom:
        raise OSError("can't create thread") from None
    _thread.stack_size(max(stack, _REAL_STACK))
    try:
        return _thread.start_new_thread(_run, (part, function, args, kwargs or {}))
    except Exception:
        part.ended = True
        raise


def _run(part, function, args, kwargs):
    try:
        function(*args, **kwargs)
    finally:
        part.ended = True
