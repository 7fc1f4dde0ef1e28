# AT+HTTPGET_TO_FS and AT+FS_TO_HTTP_SERVER: files from and to HTTP servers, as ESP-AT's examples
# of custom commands have them (wire.md 7.10). What differs: a download replaces the old file only
# when it is complete.

from espat.edges import files
from espat.edges.net import Limits
from espat.pure.errors import Failure
from espat.pure.file_name import argument
from espat.pure.reasons import EMPTY, FILES_FULL, of_status
from espat.services.file_transfer import FilePart, FileSink
from espat.services.host_data import ask_url
from espat.services.http_command import TIMEOUT_MS, request
from espat.services.time_limit import within

_MOST_URL = 8192
_MOST_MS = 0x1FFFFFFF  # half the period of the ticks on a 32-bit port: six days
_UPLOAD_WAIT_MS = 10000
_CHUNK = 2048
_TYPE = (b"Content-Type", b"binary/octet-stream")


async def download(device, reply, args):
    args.count(2, 3)
    name, length = argument(args, 0), args.number(1, 1, _MOST_URL)
    most = args.number(2, 0, _MOST_MS, 0)
    files.prepare()
    url, _ = await ask_url(device, reply, length, 1)
    with files.new(name) as file:
        sink = FileSink(file, device.chunks.memory())
        # No wait is longer than what the command allows altogether.
        wait = device.http.wait or TIMEOUT_MS
        most = most or device.http.whole
        loading = _load(device, url, sink, min(most or wait, wait))
        await within(device.port, most, loading)
        file.keep()


async def upload(device, reply, args):
    args.count(2, 2)
    name, length = argument(args, 0), args.number(1, 1, _MOST_URL)
    files.prepare()
    size = files.size(name)
    if not size:
        raise Failure(EMPTY)
    url, _ = await ask_url(device, reply, length, 1)
    device.chunks.begin(b"+FS_TO_HTTP_SERVER:", _CHUNK)
    with FilePart(name, 0, size) as part:
        asked = request(device, b"POST", url, [], [_TYPE], None, part)
        limits = Limits(device.http.wait or _UPLOAD_WAIT_MS, None, device.http.whole)
        status = await device.exchange.run(asked, limits, device.chunks)
    if status != 200:
        raise Failure(of_status(status))


async def _load(device, url, sink, wait_ms):
    free = files.space()[0]

    async def on_field(key, value):
        if key.lower() == b"content-length" and int(value.split(b",")[0]) > free:
            raise Failure(FILES_FULL)

    asked = request(device, b"GET", url, [], [])
    status = await device.exchange.run(asked, Limits(wait_ms), sink, on_field)
    if status >= 400:
        raise Failure(of_status(status))
    await sink.flush()
    if not sink.total:
        raise Failure(EMPTY)


HANDLERS = {
    b"+HTTPGET_TO_FS": download,
    b"+FS_TO_HTTP_SERVER": upload,
}
