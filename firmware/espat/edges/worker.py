# Blocking calls beside the event loop: name lookups and scans take seconds in C code that
# gives the GIL away (ports/esp32/modsocket.c, network_wlan.c), so a thread keeps the loop alive.

import _thread
import asyncio

from espat.edges.deadline import after, expired
from espat.edges.memory import reserve_thread
from espat.pure.errors import Failure


class Busy(Exception):
    """The call did not end in time; the thread goes on and its result is dropped."""


class Worker:
    """Runs one call at a time. A call that hangs keeps the worker, never the loop. `stack`: bytes
    of C stack that the resolver and the scan want, a matter of the board."""

    def __init__(self, stack, memory):
        self._stack = stack
        self._memory = memory
        self._running = False

    async def call(self, function, args, limit_ms):
        """function(*args) in a thread; raises what it raises, or Busy after `limit_ms`."""
        deadline = after(limit_ms)
        await self._idle(deadline)
        outcome = [None, None]
        try:
            reserve_thread(self._stack)
        except Failure:
            self._memory.release()
            reserve_thread(self._stack)
        _thread.stack_size(self._stack)
        self._running = True
        try:
            _thread.start_new_thread(self._run, (function, args, outcome))
        except Exception:
            self._running = False
            raise
        await self._idle(deadline)
        result, error = outcome
        if error is not None:
            raise error
        return result

    async def _idle(self, deadline):
        while self._running:
            if expired(deadline):
                raise Busy()
            await asyncio.sleep_ms(1)

    def _run(self, function, args, outcome):
        try:
            outcome[0] = function(*args)
        except Exception as error:  # noqa: BLE001 - handed over whole to the caller
            outcome[1] = error
        self._running = False
