# The dialogue with the host: lines in, exactly one result code out.
#
# A reader owns the port all the time; a command runs in its own task. Input during a command:
# AT+RST is obeyed, AT+HTTPABORT while there is a request, empty lines are ignored, anything else is
# answered "busy p..." and dropped; counted data after ">" goes to the command. The only place that
# turns errors into ERROR.

import asyncio
import sys

from espat.commands import catalogue
from espat.pure import results
from espat.pure.args import Args, split
from espat.pure.errors import EXEC_FAIL, LINE_TOO_LONG, PROCESSING, AtError, Failure
from espat.pure.lines import LineAssembler
from espat.pure.reasons import NO_MEMORY
from espat.services.reply import Reply
from espat.services.supervisor import keep_running, run_once

_RESTART, _ABORT = b"AT+RST", b"AT+HTTPABORT"
_QUICK_TURNS = 3


class Session:
    def __init__(self, device):
        self._device = device
        self._port = device.port
        self._lines = LineAssembler(device.board.LINE_LIMIT)
        self._begun = False

    def serve(self):
        """Serve the host, for ever."""
        asyncio.run(keep_running(self._run))

    def close(self):
        """Give the port back."""
        self._port.close()

    async def _run(self):
        line, self._device.first_line = self._device.first_line, b""
        await self._on_line(line)
        while True:
            await self._feed(await self._port.read())

    async def _feed(self, count):
        buf, start = self._port.staging, 0
        while start < count:
            if self._port.counted.missing:
                start = await self._port.counted.put(buf, start, count)
                continue
            end = self._lines.feed(buf, start, count)
            if self._device.echo and not self._device.busy:
                await self._port.report(buf, start, end - start)
            start = end
            if self._lines.done:
                await self._on_line(self._lines.take())

    async def _on_line(self, line):
        if line == b"":
            return
        if not self._device.busy:
            await self._begin(line)
            return
        command, exchange = line and line.upper(), self._device.exchange
        if command == _RESTART:
            await self._port.report(results.FORCED_RESTART)
            await self._device.restart()
        elif command == _ABORT and exchange.begun:
            await self._port.between(exchange.call_off)
        else:
            await self._device.message_filter.report(self._log_code(PROCESSING), results.BUSY)

    async def _begin(self, line):
        self._begun, device = False, self._device
        device.busy, exchange = True, device.exchange
        exchange.begun = exchange.aborted = False
        asyncio.create_task(run_once([self._command(line)]))
        # What is behind the line may be its data: it is not looked at before the command has been
        # loaded and had its chance to ask. Most end at once; then the next line is not "busy".
        turns = _QUICK_TURNS
        while device.busy and turns and not self._port.counted.missing:
            await asyncio.sleep_ms(0)
            turns -= self._begun

    async def _command(self, line):
        self._begun = True
        reply = Reply(self._port, self._device.message_filter)
        self._device.exchange.reply = reply
        try:
            error = await self._execute(line, reply)
            await self._answer(reply, error)
            if error is None and reply.after is not None:
                await reply.after()
        except Exception as bug:  # noqa: BLE001 - it must not take the port with it
            sys.print_exception(bug)
        finally:
            self._device.busy = False

    async def _execute(self, line, reply):
        """Run the command; returns the exception that has ended it, or None."""
        try:
            if line is None:
                raise AtError(LINE_TOO_LONG)
            reply.name, mark, data = split(line)
            handler = catalogue.find(self._device.units, reply.name, mark, data)
            await handler(self._device, reply, None if data is None else Args(data))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered
            return error

    async def _answer(self, reply, error):
        """Exactly one result code, whatever the memory."""
        try:
            if error is not None:
                reply.bare(self._log_code(self._explain(error)))
            await reply.end(reply.ok if error is None else reply.failed)
        except MemoryError:
            self._device.units.drop()
            await self._port.write(reply.failed)

    def _explain(self, error):
        """Tell the log why a command failed, if there is memory for it; what ERR CODE tells."""
        code = error.code if isinstance(error, AtError) else EXEC_FAIL
        if isinstance(error, MemoryError):
            code = EXEC_FAIL | NO_MEMORY
        try:
            if isinstance(error, Failure):
                print("failed: 0x%04x" % error.reason, error.detail)
            elif not isinstance(error, AtError):
                sys.print_exception(error)  # a bug, or memory that was too small
            elif error.detail:
                print("is refused:", error.detail)
        except MemoryError:
            print("failed: out of memory")
        if code == EXEC_FAIL | NO_MEMORY:
            self._device.units.drop()
        return code

    def _log_code(self, code):
        return results.err_code(code) if self._device.syslog else b""
