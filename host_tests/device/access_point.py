# The access point's service on a port that tells its stations' MAC only (MicroPython 1.28 and
# older), with a driver that takes a configuration only while it is on; and how much garbage a look
# at the stations makes.

import asyncio
import gc

from espat.edges import addressing, soft_ap
from espat.pure.errors import EXEC_FAIL, AtError
from espat.services import access_point, guests, settings
from espat.services.volatile import ApSettings

MAC = b"\xaa\xbb\xcc\x00\x00\x01"
NETWORK = (b"ESP", b"12345678", 1, 3, 4, 0)
guests._POLL_MS = 1


class Wlan:
    """network.WLAN with stations as the older ports tell them."""

    def __init__(self):
        self.found = []

    def isconnected(self):
        return self.found != []

    def status(self, query):
        return self.found

    def ipconfig(self, query):
        return ("192.168.4.1", "255.255.255.0") if query == "addr4" else "192.168.4.1"


class OldDriver:
    """What network.WLAN's config() is for the firmware: it takes one only while it is on."""

    on = False
    taken = None

    def configure(self, *config):
        if not self.on:
            raise AtError(EXEC_FAIL, "Wifi Invalid Mode")
        self.taken = config


class Storage:
    """Holds one network."""

    def get_bytes(self, key):
        return b"455350,3132333435363738,1,3,4,0" if key == "cwsap" else None

    def get_int(self, key):
        return None


async def until(condition):
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep_ms(1)
    raise AssertionError("it never came")


class Device:
    """As far as the access point needs one; the `message_filter` of its own."""

    def __init__(self, report):
        self.ap = ApSettings()
        self.message_filter = self
        self.report = report


async def main():
    wlan, driver, reports = Wlan(), OldDriver(), []
    addressing.wlan = soft_ap.wlan = lambda interface: wlan
    soft_ap.configure = driver.configure
    settings.storage = Storage()

    async def report(*messages):
        reports.extend(messages)

    device = Device(report)
    access_point.restore(device.ap)
    assert device.ap.config == NETWORK
    assert not access_point.prepare(device.ap)
    assert driver.taken is None
    driver.on = True
    access_point.switched_on(device.ap, False)
    device.ap.on = True
    assert driver.taken == NETWORK
    assert device.ap.pool == (b"192.168.4.2", b"192.168.4.101")
    watch = device.guests = guests.Watch(device)
    wlan.found = [(MAC,)]
    await until(lambda: reports)
    assert watch.present() == [(MAC, b"")]
    wlan.found = []
    await until(lambda: len(reports) > 1)
    assert reports == [
        b'+STA_CONNECTED:"aa:bb:cc:00:00:01"\r\n',
        b'+STA_DISCONNECTED:"aa:bb:cc:00:00:01"\r\n',
    ], reports
    garbage(watch, wlan)
    device.ap.on = False
    await until(lambda: device.guests is None)
    assert len(reports) > 2  # those who were there have gone


def garbage(watch, wlan):
    """A look at the same stations makes nothing that lasts longer than the port's own list."""
    for count in (1, 4, 10):
        wlan.found = [(bytes((2, 0, 0, 0, 0, i)), "192.168.4.%d" % (i + 2)) for i in range(count)]
        watch.look()
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        watch.look()
        made = gc.mem_alloc() - before
        gc.enable()
        print(count, "stations:", made, "bytes")
        assert made < 200, (count, made)


asyncio.run(main())
print("done")
