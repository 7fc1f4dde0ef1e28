# Every setting that is saved, changed with the power cut at each operation on what NVS keeps, the
# last write done by half: afterwards the settings as a whole are the old ones or the new ones.

import asyncio
import os

import esp32
import network
import simnvs

from espat.commands import addresses, station_settings, system, uart
from espat.pure.args import Args
from espat.pure.station_config import configured
from espat.services import settings
from espat.services.volatile import IpSettings, SystemSettings

NAME = "espat"
plain_open = open


class PowerCut(BaseException):
    """No handler of the firmware's catches it, as none runs without power."""


class Supply:
    """What simnvs has for `os` and `open`; the power goes with operation number `left`."""

    listdir = staticmethod(os.listdir)
    stat = staticmethod(os.stat)

    def __init__(self, left):
        self.left = left

    def _spend(self):
        self.left -= 1
        if self.left == 0:
            raise PowerCut

    def mkdir(self, path):
        self._spend()
        os.mkdir(path)

    def rename(self, old, new):
        self._spend()
        os.rename(old, new)

    def remove(self, path):
        self._spend()
        os.remove(path)

    def open(self, path, mode):
        if "w" not in mode:
            return plain_open(path, mode)
        self._spend()
        return File(self, path, mode)


class File:
    def __init__(self, supply, path, mode):
        self._supply = supply
        self._file = plain_open(path, mode)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def write(self, data):
        self._supply.left -= 1
        if self._supply.left == 0:
            self._file.write(data[: len(data) // 2])
            raise PowerCut
        self._file.write(data)


class Reply:
    """Nobody hears it."""

    after = None


class Idle:
    """A station that is not joined."""

    config = None
    wanted = False

    def set_reconnect(self, interval, count):
        pass

    def pause(self):
        pass

    def renumber(self):
        pass

    async def leave(self):
        pass


class Pins:
    RTS, CTS = 1, 2


class Port:
    config = None
    driver = "UART(1, baudrate=115200, bits=8, parity=None, stop=1)"


class Board:
    """The device after a start, as far as settings go."""

    def __init__(self):
        simnvs._namespaces.clear()
        self.ip = IpSettings()
        self.system = SystemSettings()
        self.station = Idle()
        self.board = Pins()
        self.port = Port()
        self.mode = 1
        self.store = True


def join(board, number):
    config = configured(b"network%d" % number, b"1234567890", timeout=10 + number)
    settings.save_station(config, 60 + number, 7 * number)


def asked(handler, *arguments):
    """What a command does for these arguments, one for each state."""
    return lambda board, number: asyncio.run(handler(board, Reply(), Args(arguments[number])))


CHANGES = {
    "CWMODE": lambda board, number: settings.save(settings.MODE, number + 1),
    "CWJAP": join,
    "CWRECONNCFG": asked(station_settings.reconnect, b"60,0", b"61,1"),
    "CWAUTOCONN": asked(station_settings.autoconnect, b"0", b"1"),
    "UART_DEF": asked(uart.default, b"9600,8,1,0,0", b"9601,8,1,0,1"),
    "SYSMSG": asked(system.messages, b"1", b"2"),
    "CIPSTA": asked(
        addresses.address_set,
        b'"10.0.0.2","10.0.0.1","255.255.255.0"',
        b'"10.0.0.3","10.0.0.1","255.255.255.0"',
    ),
    "CWDHCP": asked(addresses.dhcp, b"1,1", b"0,1"),
    "CIPSTAMAC": asked(addresses.mac_address, b'"02:00:00:00:00:01"', b'"02:00:00:00:00:02"'),
    "CIPDNS": asked(addresses.name_server, b'1,"9.9.9.9"', b"0"),
    "CWSTAPROTO": asked(station_settings.protocol, b"1", b"3"),
}


def stored():
    """Everything, as bytes: what the next start finds."""
    folder = "nvs/" + NAME
    found = {}
    for key in os.listdir(folder):
        with plain_open(folder + "/" + key, "rb") as file:
            found[key] = file.read()
    return found


def forget():
    folder = "nvs/" + NAME
    for key in os.listdir(folder):
        os.remove(folder + "/" + key)


def with_cut(number, action, *args):
    """Whether the action came to its end before the power went."""
    supply = Supply(number)
    simnvs.os, simnvs.open = supply, supply.open
    try:
        action(*args)
    except PowerCut:
        return False
    finally:
        simnvs.os, simnvs.open = os, plain_open
    return True


def cut_everywhere(name, change, prepare):
    cuts = 0
    complete = False
    while not complete:
        forget()
        board = Board()
        prepare(board)
        change(board, 0)
        old = stored()
        complete = with_cut(cuts + 1, change, board, 1)
        found = stored()
        board = Board()
        change(board, 1)
        new = stored()
        assert found in (old, new), (name, cuts, old, new, found)
        assert found == new or not complete, name
        cuts += 1
    assert cuts > 3, (name, cuts)
    return cuts


def everything(board):
    for change in CHANGES.values():
        change(board, 1)


def restore_everywhere():
    """A restore that was cut leaves each setting as it was or forgotten, and can be repeated."""
    cuts = 0
    complete = False
    while not complete:
        forget()
        everything(Board())
        old = stored()
        Board()
        complete = with_cut(cuts + 1, settings.erase)
        found = stored()
        assert all(old[key] == value for key, value in found.items()), (old, found)
        assert len(found) == len(old) - cuts or complete, (cuts, len(found))
        Board()
        settings.erase()
        assert not stored()
        cuts += 1
    assert cuts == len(old) + 1, cuts


network.WLAN(network.WLAN.IF_STA).active(True)
esp32.NVS(NAME)
total = 0
for name, change in CHANGES.items():
    total += cut_everywhere(name, change, lambda board: None)
    total += cut_everywhere(name, change, everything)
assert total > 60, total
restore_everywhere()
print("done")
