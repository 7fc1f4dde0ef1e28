# Addresses.

from espat.edges import addressing
from espat.edges.radio import ACCESS_POINT, STATION
from espat.pure import mac


async def addresses(device, reply, args):
    for name, interface in ((b"AP", ACCESS_POINT), (b"STA", STATION)):
        if device.mode & interface:
            address = addressing.addresses(interface)[0]
            await reply.line(b'+CIFSR:%sIP,"%s"' % (name, address))
            await reply.line(b'+CIFSR:%sMAC,"%s"' % (name, mac.dump(addressing.mac(interface))))


HANDLERS = {
    b"+CIFSR": addresses,
}
