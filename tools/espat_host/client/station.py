"""The station: joining a network, what is in the air, addresses."""

import re
from contextlib import suppress
from dataclasses import dataclass

from espat_host.client.dialogue import quoted
from espat_host.client.faults import AtCommandError, JoinError, NoAnswer, UnexpectedBytes
from espat_host.client.session import Session
from espat_host.client.waits import Wait

STATES = {
    0: "not started",
    1: "connected, no address yet",
    2: "connected",
    3: "connecting",
    4: "disconnected",
}
# ESP-AT's numbers, AT+CWLAP (wire.md 4.7).
SECURITY = (
    *("open", "WEP", "WPA", "WPA2", "WPA/WPA2", "WPA2 enterprise", "WPA3", "WPA2/WPA3", "WAPI"),
    *("OWE", "WPA3 enterprise 192 bit", "WPA3 extended", "WPA3 extended mixed", "DPP"),
    *("WPA3 enterprise", "WPA2/WPA3 enterprise"),
)
NO_ADDRESS = "0.0.0.0"
_POINT = rb'\+CWLAP:\((\d+),"(.*)",(-?\d+),"([0-9a-fA-F:]{17})",(\d+)(?:,.*)?\)'
_JOINED = rb'\+CWJAP:"(.*)","([0-9a-fA-F:]{17})",(\d+),(-?\d+).*'
_CAUSE = re.compile(rb"\+CWJAP:(\d+)")


@dataclass(frozen=True)
class AccessPoint:
    """One line of a scan. `rssi` in dBm; `security` as people call it."""

    ssid: str
    security: str
    rssi: int
    bssid: str
    channel: int


@dataclass(frozen=True)
class Addresses:
    """Of the station; what it does not have is None."""

    ip: str | None
    gateway: str | None
    netmask: str | None
    mac: str | None


@dataclass(frozen=True)
class Status:
    """`state`: one of STATES. The rest is None as long as there is none."""

    state: str
    ssid: str | None = None
    bssid: str | None = None
    channel: int | None = None
    rssi: int | None = None
    ip: str | None = None

    @property
    def connected(self) -> bool:
        """Whether the station is in a network and has an address."""
        return self.state == STATES[2]


class Station(Session):
    """The methods of a board that have to do with Wi-Fi."""

    def join(self, ssid: str, password: str = "", timeout: float = 30.0) -> None:
        """Join a network as a station; without a password an open one. The board remembers it and
        joins again by itself. Raises JoinError."""
        self._be_a_station(timeout)
        try:
            self.command(b"AT+CWJAP=%s,%s" % (quoted(ssid), quoted(password)), timeout=timeout)
        except AtCommandError as error:
            causes = [int(found[1]) for found in map(_CAUSE.fullmatch, error.lines) if found]
            raise JoinError(causes[0] if causes else None, error.code, error.lines) from error

    def leave(self) -> None:
        """Leave the network, and do not join it again before the next restart."""
        self.command("AT+CWQAP")

    def status(self) -> Status:
        """How the station is, in which network, and its address."""
        joined = self._joined()
        state = self._state(joined is not None)
        if joined is None:
            return Status(STATES.get(state, str(state)))
        return Status(
            STATES.get(state, str(state)),
            _text(joined[1]),
            joined[2].decode(),
            int(joined[3]),
            int(joined[4]),
            self.addresses().ip,
        )

    def wait_connected(self, timeout: float = 20.0) -> Status:
        """Until the station is in its network, as after a restart; NoAnswer after `timeout`
        seconds."""
        wait = Wait("a connected station", timeout)
        while not (status := self.status()).connected:
            if wait.over():
                raise NoAnswer(self.evidence(f"the station is {status.state} after {timeout:g} s"))
            # Any word of the board may be the one; it is asked again in any case.
            with suppress(NoAnswer):
                self.wait_for("WIFI GOT IP", 0.5)
        return status

    def scan(self, ssid: str | None = None, timeout: float = 30.0) -> list[AccessPoint]:
        """The access points in the air, or those of one name, the strongest first."""
        self._be_a_station(timeout)
        line = b"AT+CWLAP" if ssid is None else b"AT+CWLAP=" + quoted(ssid)
        points = [self._point(text) for text in self.command(line, timeout=timeout).lines]
        return sorted(points, key=lambda point: point.rssi, reverse=True)

    def addresses(self) -> Addresses:
        """The station's addresses. They are None where it has none."""
        told: dict[str, str] = {}
        for line in ("AT+CIPSTA?", "AT+CIFSR"):
            for text in self.command(line).lines:
                # +CIPSTA:ip:"192.168.4.2" and +CIFSR:STAMAC,"02:00:00:00:00:01"
                if found := re.fullmatch(rb'\+(?:CIPSTA|CIFSR):(\w+)[:,]"?([^"]*)"?', text):
                    told[found[1].decode()] = found[2].decode()
        ip = told.get("STAIP", told.get("ip", NO_ADDRESS))
        values = (ip, told.get("gateway"), told.get("netmask"), told.get("STAMAC"))
        return Addresses(*(None if value in (None, "", NO_ADDRESS) else value for value in values))

    def _be_a_station(self, timeout: float) -> None:
        reply = self.command("AT+CWMODE?")
        mode = self._must_match(rb"\+CWMODE:(\d)", "AT+CWMODE?", reply)[1]
        if mode not in (b"1", b"3"):
            self.command("AT+CWMODE=1", timeout=timeout)

    def _joined(self) -> re.Match[bytes] | None:
        lines = self.command("AT+CWJAP?").lines
        # Older firmware answers "No AP".
        return next(filter(None, (re.fullmatch(_JOINED, text) for text in lines)), None)

    def _state(self, joined: bool) -> int:
        try:
            reply = self.command("AT+CWSTATE?")
        except AtCommandError:
            return 2 if joined else 4  # firmware without the command
        return int(self._must_match(rb'\+CWSTATE:(\d),".*"', "AT+CWSTATE?", reply)[1])

    def _point(self, text: bytes) -> AccessPoint:
        found = re.fullmatch(_POINT, text)
        if found is None:
            what = f"{text!r} is no line of AT+CWLAP with all its fields; was AT+CWLAPOPT used?"
            raise UnexpectedBytes(self.evidence(what))
        kind = int(found[1])
        security = SECURITY[kind] if kind < len(SECURITY) else str(kind)
        return AccessPoint(
            _text(found[2]), security, int(found[3]), found[4].decode().lower(), int(found[5])
        )


def _text(ssid: bytes) -> str:
    """Network names are bytes; those that are no UTF-8 are shown as well as can be."""
    return ssid.decode("utf-8", "backslashreplace")
