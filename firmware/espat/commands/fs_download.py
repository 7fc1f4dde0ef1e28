# AT+HTTPGET_TO_FS: files from HTTP servers, as ESP-AT's example of a custom command has it (wire.md
# 7.10). What differs: a download replaces the old file only when it is complete, and may go on
# where one broke off.

from hashlib import sha256

from espat.edges import files
from espat.edges.net import Limits
from espat.edges.part import Part
from espat.pure.errors import Failure
from espat.pure.file_name import argument
from espat.pure.reasons import EMPTY, FILES_FULL, HTTP_STATUS, of_status
from espat.services.file_transfer import FileSink
from espat.services.host_data import ask_url
from espat.services.http_command import LONGEST, TIMEOUT_MS, request
from espat.services.resumed import Resumed
from espat.services.time_limit import within

_MOST_MS = 0x1FFFFFFF  # half the period of the ticks on a 32-bit port: six days
_DIGEST = 16  # bytes of it that tell one URL from another
_NO_RANGE = HTTP_STATUS + 416


async def download(device, reply, args):
    args.count(2, 4)
    name, length = argument(args, 0), args.number(1, 1, LONGEST)
    most, again = args.number(2, 0, _MOST_MS, 0), args.number(3, 0, 1, 0)
    files.prepare()
    url, text = await ask_url(device, reply, length, 1)
    # No wait is longer than what the command allows altogether.
    wait = device.http.wait or TIMEOUT_MS
    most = most or device.http.whole
    load = _go_on if again else _load
    loading = load(device, url, name, text, Limits(min(most or wait, wait)))
    await within(device.port, most, loading)


async def _load(device, url, name, text, limits):
    Part(b"").forget()
    free = files.space()[0]

    async def on_field(key, value):
        if key.lower() == b"content-length" and int(value.split(b",")[0]) > free:
            raise Failure(FILES_FULL)

    with files.new(name) as file:
        sink = FileSink(file, device.chunks.memory())
        asked = request(device, b"GET", url, [], [])
        status = await device.exchange.run(asked, limits, sink, on_field)
        if status >= 400:
            raise Failure(of_status(status))
        await sink.flush()
        if not sink.total:
            raise Failure(EMPTY)
        file.keep()


async def _go_on(device, url, name, text, limits):
    """The same with what there is of it."""
    # A digest: a URL may have credentials.
    with Part(name.encode() + sha256(text).digest()[:_DIGEST].replace(b"\n", b"")) as part:
        sink = FileSink(part, device.chunks.memory())
        try:
            await _rest(device, url, part, sink, limits)
        except Failure as failure:
            if failure.reason != _NO_RANGE or not part.size:
                raise
            part.forget()  # there is no more of it than we have, or it is another one
            await _rest(device, url, part, sink, limits)
        if not part.size + sink.total:
            raise Failure(EMPTY)
        part.keep(name)


async def _rest(device, url, part, sink, limits):
    own, resumed = [], Resumed(part, sink)
    if part.size:
        own = [(b"Range", b"bytes=%d-" % part.size), (b"If-Range", part.validator)]
    asked = request(device, b"GET", url, own, [])
    try:
        await device.exchange.run(asked, limits, sink, resumed.on_field, resumed.on_head)
    finally:
        if sink.any():
            await sink.flush()


HANDLERS = {
    b"+HTTPGET_TO_FS": download,
}
