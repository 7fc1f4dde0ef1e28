# AT+HTTPGETSIZE: a HEAD, or a GET whose body is not read.

from espat.pure.errors import Failure
from espat.pure.reasons import ANSWERED, HTTP_STATUS, NO_LENGTH, of_status
from espat.services.http_command import get_parameters, request

_NO_HEAD = (403, 405, 501)  # what servers say to HEAD that would answer a GET


async def get_size(device, reply, args):
    url, _, its_limits = get_parameters(device, args)
    lengths = []

    async def on_field(key, value):
        if key.lower() == b"content-length":
            lengths.append(value)

    for method, on_head in ((b"HEAD", None), (b"GET", _without_body)):
        lengths.clear()
        asked = request(device, method, url, [], [])
        try:
            status = await device.exchange.run(asked, its_limits, device.chunks, on_field, on_head)
        except Failure as answer:
            if answer.reason < ANSWERED:
                raise
            status = answer.reason - HTTP_STATUS
        if status not in _NO_HEAD:
            break
    if status >= 300:  # the length of a redirect is not the resource's
        raise Failure(of_status(status))
    if not lengths:
        raise Failure(NO_LENGTH)
    await reply.line(b"+HTTPGETSIZE:%d" % int(lengths[0].split(b",")[0]))


async def _without_body(head):
    raise Failure(of_status(head.status))


HANDLERS = {
    b"+HTTPGETSIZE": get_size,
}
