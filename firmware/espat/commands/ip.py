# Addresses.

from espat.edges.radio import ACCESS_POINT, STATION
from espat.pure import mac
from espat.pure.table import Command


async def addresses(device, reply, args):
    for name, interface in ((b"AP", ACCESS_POINT), (b"STA", STATION)):
        if device.mode & interface:
            address = device.radio.address(interface)
            await reply.line(b'+CIFSR:%sIP,"%s"' % (name, address))
            await reply.line(b'+CIFSR:%sMAC,"%s"' % (name, mac.dump(device.radio.mac(interface))))


ROWS = (Command(b"+CIFSR", exec=addresses),)
