# The links of the TCP/IP commands: up to five connections, beside whatever else the board does.
#
# One task looks after all of them, in turns: what one has to say goes into the one buffer there is,
# with "+IPD" in front, and out in one write. While the port takes nothing no link is read, so that
# TCP's window stops the peers. In passive mode the host is told that there is something, of which
# at most _HELD bytes are read before it asks. With AT+CIPMODE=1 data goes out as it is. Frames of
# full length make no garbage (device/link_allocation.py).

import asyncio
import time

from espat.edges.deadline import after, expired
from espat.pure.errors import EXEC_FAIL, AtError, Failure
from espat.services.socket_settings import ALL, INFO, LINKS, MODE, MUX, PASSIVE, of_links, switch
from espat.services.supervisor import keep_running

_HEAD = 44  # CR LF +IPD,4,1472,"255.255.255.255",65535:
# The longest datagram, and so the longest frame: hosts have buffers of 1,500 bytes for it.
_MOST = 1472
_END = b"\r\n"
_BARE = 2  # in place of AT+CIPDINFO's 0 and 1
_HELD = 512
_LINK_CONN = 2  # a bit of AT+SYSMSG
_TCP, UDP = b"TCP", b"UDP"
_IDLE_MS = 2
_STALLED_MS = 100
_QUIET_MS = 50
_FRAMES = 64  # before others get their turn; the UART of a chip refuses sooner
# Comes and goes with this code: so they lie together.
_BUF = bytearray(_HEAD + _MOST + len(_END))


class Link:
    """`kind`: b"TCP" and others; `conn`: an edges/net.Connection or None; `peer`, `port`, `local`:
    the other side's address and port, and our port. `host`, `address`: of the other side by its
    name, and our own address or ""; `mode`: of UDP. `serving`: it came to the server here. `busy`:
    a command works with it, and it must not be closed meanwhile. `ended`: the peer has closed it.
    `heard`: the tick of its last word, or of the host's to it. `count`: bytes that are held for a
    host that will ask for them. `sender`: as it is told, where that is not the peer."""

    # Of the class, as long as a link has no others: that takes less.
    conn = read = held = sender = None
    serving = count = heard = mode = 0
    address = ""
    busy = ended = told = False

    def __init__(self, number, kind):
        self.number = number
        self.kind = kind

    def take(self, buf, most):
        """Up to `most` bytes into buf, first those that are held; 0 = end, None = nothing now.
        Raises OSError when the connection is broken."""
        count = min(self.count, most)
        if not count:
            return self.read(buf, most)  # type: ignore[misc]
        view = memoryview(self.held)
        buf[:count] = view[:count]
        self.count -= count
        view[: self.count] = view[count : count + self.count]
        self.told = False
        return count

    def make_room(self, memory):
        """For hold(). Raises Failure."""
        if self.held is None:
            self.held = memory.buffer(_MOST if self.kind == UDP else _HELD)

    def hold(self, memory):
        """Read ahead, so that the host can be told of it. Raises Failure, OSError."""
        self.make_room(memory)
        rest = memoryview(self.held)[self.count :]
        count = self.read(rest, len(rest))  # type: ignore[misc]
        self.ended = count == 0
        self.count += count or 0


class Links:
    """`quiet_until`: a tick before which no data goes to the host, which would overlook it."""

    def __init__(self, device):
        self._device = device
        self._sockets = device.sockets
        self._passive = of_links(device, PASSIVE)
        self._port = device.port
        self._try_write = device.port.try_write
        self._filter = device.message_filter
        self._memory = device.memory
        self._buf = _BUF
        self._data = memoryview(_BUF)[_HEAD:]
        self._start = self._size = 0  # of a frame, in the buffer
        self._length = 0  # of one that waits to go out
        self._of = self._info = None  # whose head it has, if it is a full one; AT+CIPDINFO in it
        self._at = 0
        self._running = False
        self.server = None  # see services/link_server.py
        self.quiet_until = after(0)
        self.table = [None] * LINKS  # type: list

    def needed(self):
        """Whether this has to stay."""
        return self._running or self.server is not None or any(self.table)

    def claim(self, number, kind):
        """A Link that is not open yet; the lowest free number if that is None. None: taken. Raises
        Failure."""
        free = [at for at in range(LINKS) if self.table[at] is None and number in (None, at)]
        if not free:
            return None
        link = Link(free[0], kind)
        if self._passive[link.number]:
            link.make_room(self._memory)  # later there may be none, and the data would be stuck
        self.table[link.number] = link
        return link

    def open(self, link, conn):
        """From now on what it says goes to the host."""
        link.read = conn.reader(True)
        link.conn = conn
        conn.limits = None  # AT+CIPSEND has its own
        if not self._running:
            self._running = True
            asyncio.create_task(keep_running(self._run))

    def close(self, link):
        self.table[link.number] = None
        link.held = None
        if link.conn is not None:
            link.conn.close()
            link.conn = None

    async def close_for(self, reply, args):
        """AT+CIPCLOSE. Raises AtError."""
        number = 0
        if switch(self._device, MUX) != (args is not None):
            raise AtError(EXEC_FAIL)
        if args is not None:
            args.count(1, 1)
            number = args.number(0, 0, ALL)
        chosen = [one for one in self.table if one and one.conn and number in (ALL, one.number)]
        if not chosen and number != ALL:
            raise AtError(EXEC_FAIL)
        for link in chosen:
            self.close(link)
            await reply.line(self.name(link) + b"CLOSED")

    def name(self, link):
        """What stands before messages about it."""
        return b"%d," % link.number if switch(self._device, MUX) else b""

    def connected(self, link):
        """How the host is told that it is there."""
        if self._device.system.messages & _LINK_CONN:
            ends = (link.number, link.kind, link.serving, link.peer, link.port, link.local)
            return b'+LINK_CONN:0,%d,"%s",%d,"%s",%d,%d' % ends
        return self.name(link) + b"CONNECT"

    def keep_quiet(self, on):
        """The host looks for the end of a message: data that comes along with it would be lost on
        some (wire.md 6.11)."""
        self.quiet_until = after(_QUIET_MS if on else 0)

    async def _run(self):
        pause = 0
        while any(self.table):
            await asyncio.sleep_ms(pause)
            try:
                pause = self.look()
            except OSError:  # reset, or broken
                self.table[self._at].ended = True
                pause = None
            if pause is None:
                await self._tell()
                pause = 0
        self._running = False

    def look(self):
        """Some frames of one link; ms until the next look, or None: there is something to tell."""
        if self._length and not self._send():
            return self._pause()
        if self._filter.long or not expired(self.quiet_until):
            return _IDLE_MS
        if not self._serve_next():
            return _IDLE_MS
        if not self._length:
            return None
        link = self._of
        if self._send() and link is self.table[self._at] and link.kind == _TCP:
            count = self._pour(link.read)
            link.ended = count == 0
            if count:
                self._seal(link, count)
                self._send()
        return self._pause() if self._length else 0

    def _pour(self, read):
        """More frames from a link that has just given a full one, as long as they are full and the
        port takes them: as little as can be for each (`make bench`, links; for the locals see
        services/streaming.py). What the last read gave, if that was no full one."""
        try_write = self._try_write
        for _ in range(_FRAMES):
            count = read(self._data, _MOST)
            if count != _MOST:
                return count
            if not try_write(self._buf, self._start, self._size):
                self._length = self._size
                break

    def _serve_next(self):
        """Whether one of the links, from the one behind the last on, has something for the host."""
        at = self._at
        for _ in range(LINKS):
            at = at + 1 if at < LINKS - 1 else 0
            link = self.table[at]
            if link is not None and link.conn is not None:
                self._at = at  # it is this one that may raise OSError
                if self._serve(link):
                    link.heard = time.ticks_ms()
                    return True
        return False

    def _serve(self, link):
        if link.ended or (self._passive[link.number] and not switch(self._device, MODE)):
            return self._hold(link)
        if link.kind != _TCP and not (link.count or link.conn.is_ready()):
            return False  # a read would make garbage
        count = link.take(self._data, _MOST)
        if count:
            self._seal(link, count)
        else:
            link.ended = count == 0
        return count is not None

    def _hold(self, link):
        full = 1 if link.kind == UDP else _HELD  # a datagram stays alone
        if link.count < full and not link.ended and link.conn.is_ready():
            try:
                link.hold(self._memory)
            except Failure:
                return False
        if link.count:
            return not link.told
        return link.ended and not link.busy

    def _seal(self, link, count):
        """Put head and end around the data, if they are not there from the last time."""
        info = _BARE if self._sockets.get(MODE) else self._sockets.get(INFO, 0)
        if link is not self._of or info != self._info or count != _MOST:
            self._frame(link, count, info)
            whole = count == _MOST and link.sender is None and not self._filter.on
            self._of, self._info = link if whole else None, info
        self._length = self._size

    def _frame(self, link, count, info):
        if info == _BARE:
            self._start, self._size = _HEAD, count
            return
        sender = (link.sender or b',"%s",%d' % (link.peer, link.port)) if info else b""
        head = b"\r\n+IPD,%s%d%s:" % (self.name(link), count, sender)
        at = _HEAD - len(head)
        self._buf[at:_HEAD] = head
        self._buf[_HEAD + count : _HEAD + count + len(_END)] = _END
        skipped, end = self._filter.frame(head, _END)
        self._start = at + skipped
        self._size = _HEAD - self._start + count + end

    def _send(self):
        if not self._try_write(self._buf, self._start, self._length):
            return False
        self._length = 0
        return True

    def _pause(self):
        try:
            return self._port.pause(self._length)
        except Failure:
            return _STALLED_MS  # the host holds the line: the peers wait

    async def _tell(self):
        if self._length:
            await self._port.write(self._buf, self._start, self._length)
            self._length = 0
        for link in self.table:
            if link is None or link.busy or link.conn is None:
                continue
            if link.count and not link.told:
                link.told = True
                await self._filter.report(b"\r\n+IPD,%s%d\r\n" % (self.name(link), link.count))
            elif link.ended and not link.count:
                self.close(link)
                await self._filter.report(self.name(link) + b"CLOSED\r\n")
