# AT+FS_TO_HTTP_SERVER: a file to an HTTP server, as ESP-AT's example of a custom command has it
# (wire.md 7.10).

from espat.edges import files
from espat.edges.net import Limits
from espat.pure.errors import Failure
from espat.pure.file_name import argument
from espat.pure.reasons import EMPTY, of_status
from espat.services.file_transfer import FilePart
from espat.services.host_data import ask_url
from espat.services.http_command import LONGEST, request

_WAIT_MS = 10000
_CHUNK = 2048
_TYPE = (b"Content-Type", b"binary/octet-stream")


async def upload(device, reply, args):
    args.count(2, 2)
    name, length = argument(args, 0), args.number(1, 1, LONGEST)
    files.prepare()
    size = files.size(name)
    if not size:
        raise Failure(EMPTY)
    url, _ = await ask_url(device, reply, length, 1)
    device.chunks.begin(b"+FS_TO_HTTP_SERVER:", _CHUNK)
    with FilePart(name, 0, size) as part:
        asked = request(device, b"POST", url, [], [_TYPE], None, part)
        limits = Limits(device.http.wait or _WAIT_MS, None, device.http.whole)
        status = await device.exchange.run(asked, limits, device.chunks)
    if status != 200:
        raise Failure(of_status(status))


HANDLERS = {
    b"+FS_TO_HTTP_SERVER": upload,
}
