"""What AT commands save (wire.md 1.10): each setting with the key it lies under in NVS."""

from dataclasses import dataclass
from pathlib import Path

from espat_host.client.board import Board

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
JOIN = 'AT+CWJAP="espressif","1234567890",,3,%d,10,1,20,3'


@dataclass(frozen=True)
class Setting:
    """`old` and `new` set two values, neither the default; `asks` are the questions whose last
    answer shows the value; `always`: saved whatever AT+SYSSTORE says."""

    key: str
    old: str
    new: str
    asks: tuple[str, ...]
    before: tuple[str, ...] = ()
    always: bool = False

    def read(self, board: Board) -> bytes:
        """The answer that shows the value."""
        return [board.ask(line) for line in self.asks][-1]

    def prepare(self, board: Board) -> None:
        """What has to be set before this one."""
        for line in self.before:
            assert board.request(line).ok, line

    def set(self, board: Board, line: str) -> None:
        assert board.request(line).ok, line
        # What arrives while the UART changes over is lost, as on the chip.
        board.synchronise()


def mac(last: int) -> str:
    return f'AT+CIPSTAMAC="02:11:22:33:44:{last:02x}"'


def static(last: int) -> str:
    return f'AT+CIPSTA="192.168.4.{last}","192.168.4.1","255.255.255.0"'


# A network that is joined at boot says so between the answers; so it is joined by hand here.
_BY_HAND = ("AT+CWAUTOCONN=0",)
_BOTH = ("AT+CWMODE=3",)
SETTINGS = {
    "CWMODE": Setting("cwmode", "AT+CWMODE=2", "AT+CWMODE=3", ("AT+CWMODE?",)),
    "CWRECONNCFG": Setting(
        "cwreconncfg", "AT+CWRECONNCFG=60,1000", "AT+CWRECONNCFG=7200,0", ("AT+CWRECONNCFG?",)
    ),
    "CWJAP": Setting("cwjap", JOIN % 60, JOIN % 70, ("AT+CWJAP", "AT+CWJAP?"), _BY_HAND),
    "CWRECONNCFG with a network": Setting(
        "cwjap",
        "AT+CWRECONNCFG=60,1000",
        "AT+CWRECONNCFG=7200,0",
        ("AT+CWRECONNCFG?",),
        (*_BY_HAND, JOIN % 0),
    ),
    "CIPSTA": Setting("cipsta", static(77), static(78), ("AT+CIPSTA?",)),
    "CWDHCP": Setting("cipsta", "AT+CWDHCP=0,1", "AT+CWDHCP=0,1", ("AT+CWDHCP?",)),
    "CIPSTAMAC": Setting("cipstamac", mac(1), mac(2), ("AT+CIPSTAMAC?",)),
    "CIPDNS": Setting("cipdns", 'AT+CIPDNS=1,"9.9.9.9"', 'AT+CIPDNS=1,"1.1.1.1"', ("AT+CIPDNS?",)),
    "CWSTAPROTO": Setting("cwstaproto", "AT+CWSTAPROTO=3", "AT+CWSTAPROTO=1", ("AT+CWSTAPROTO?",)),
    "SYSMSG": Setting("sysmsg", "AT+SYSMSG=5", "AT+SYSMSG=2", ("AT+SYSMSG?",)),
    "CWAUTOCONN": Setting(
        "cwautoconn", "AT+CWAUTOCONN=0", "AT+CWAUTOCONN=0", ("AT+CWAUTOCONN?",), always=True
    ),
    "UART_DEF": Setting(
        "uart",
        "AT+UART_DEF=9600,8,1,0,0",
        "AT+UART_DEF=57600,7,1,2,3",
        ("AT+UART_DEF?",),
        always=True,
    ),
    "UART": Setting(
        "uart", "AT+UART=9600,8,1,0,0", "AT+UART=57600,7,1,2,3", ("AT+UART_DEF?",), always=True
    ),
    "CIPSSLCCONF": Setting(
        "cipsslcconf", "AT+CIPSSLCCONF=0,1", "AT+CIPSSLCCONF=0,2", ("AT+CIPSSLCCONF?",)
    ),
    "CIPTCPOPT": Setting(
        "ciptcpopt", "AT+CIPTCPOPT=9,1,99,9", "AT+CIPTCPOPT=8,1,88,8", ("AT+CIPTCPOPT?",)
    ),
    "CIPRECONNINTV": Setting(
        "cipreconnintv", "AT+CIPRECONNINTV=5", "AT+CIPRECONNINTV=6", ("AT+CIPRECONNINTV?",)
    ),
    "CWSAP": Setting(
        "cwsap",
        'AT+CWSAP="ESP","1234567890",5,3',
        'AT+CWSAP="other","1234567890",5,3',
        ("AT+CWSAP?",),
        _BOTH,
    ),
    "CIPAP": Setting(
        "cipap", 'AT+CIPAP="192.168.5.1"', 'AT+CIPAP="192.168.6.1"', ("AT+CIPAP?",), _BOTH
    ),
    "CIPAPMAC": Setting(
        "cipapmac",
        'AT+CIPAPMAC="02:11:22:33:44:66"',
        'AT+CIPAPMAC="02:11:22:33:44:68"',
        ("AT+CIPAPMAC?",),
        _BOTH,
    ),
    "CWAPPROTO": Setting(
        "cwapproto", "AT+CWAPPROTO=3", "AT+CWAPPROTO=1", ("AT+CWAPPROTO?",), _BOTH
    ),
}
KEYS = {setting.key for setting in SETTINGS.values()}


def files(state: Path) -> Path:
    """Where the simulated board keeps the firmware's settings: a file for each key."""
    return state / "nvs" / "espat"


def fill_up(state: Path) -> Path:
    """Leave no entry of the NVS partition free; returns what to remove to have them back.

    630 entries of 32 bytes: one names the namespace, a blob takes two and its bytes."""
    filler = state / "nvs" / "filler" / "filler"
    filler.parent.mkdir(parents=True)
    filler.write_bytes(b"b" * (32 * (630 - 1 - 2)))
    return filler
