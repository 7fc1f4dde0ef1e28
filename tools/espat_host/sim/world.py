"""The world around a simulated board: what a world file may say, and what it means.

A world file is JSON: the access points the board can see, the stations that would join its own,
and where host names and addresses lead. Every default is filled in here, so that the board can take
a world as it comes. What is wrong is told in one sentence that names the place.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECURITY = ("open", "wep", "wpa", "wpa2", "wpa/wpa2", "wpa3", "wpa2/wpa3")
NETWORK = ("espressif", "1234567890")
DEFAULT_WORLD: dict = {
    "access_points": [
        {"ssid": NETWORK[0], "password": NETWORK[1]},
        {"ssid": "espressif-open", "rssi": -50, "channel": 6},
    ]
}
SCAN_TIME = 0.1
_BSSID = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


class WorldError(Exception):
    """The world file is not usable; the message says what to change."""


def load(path: Path) -> dict:
    """Read and complete a world file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"the world file {path} cannot be read: {error}") from error
    try:
        return complete(json.loads(text))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise WorldError(f"{path} is not JSON: {error.msg} at {place}") from error
    except WorldError as error:
        raise WorldError(f"{path}: {error}") from error


def complete(world: dict) -> dict:
    """Check a world and fill in every default."""
    _expect(isinstance(world, dict), "a world is a JSON object")
    _only(
        world,
        "the world",
        ("access_points", "hosts", "scan_time", "silent_name_servers", "stations"),
    )
    points = world.get("access_points", [])
    _expect(isinstance(points, list), '"access_points" is a list')
    stations = world.get("stations", [])
    _expect(isinstance(stations, list), '"stations" is a list')
    hosts = world.get("hosts")
    _expect(hosts is None or isinstance(hosts, dict), '"hosts" is an object: name -> address')
    silent = world.get("silent_name_servers", [])
    _expect(isinstance(silent, list), '"silent_name_servers" is a list')
    completed = [_station(station, i) for i, station in enumerate(stations)]
    macs = [station["mac"] for station in completed]
    for mac in macs:
        _expect(macs.count(mac) == 1, f'"stations" names "{mac}" more than once')
    return {
        "access_points": [_access_point(ap, i) for i, ap in enumerate(points)],
        "hosts": None if hosts is None else {n.lower(): _host(n, h) for n, h in hosts.items()},
        "scan_time": _seconds(world, "scan_time", "the world", SCAN_TIME),
        "silent_name_servers": [
            _ipv4({"address": one}, "address", "a silent name server", None) for one in silent
        ],
        "stations": completed,
    }


def to_line(world: dict) -> bytes:
    """A completed world as the board reads it: one line of JSON."""
    return json.dumps(world, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _expect(condition: bool, sentence: str) -> None:
    if not condition:
        raise WorldError(sentence)


def _only(entry: dict, where: str, known: tuple) -> None:
    for key in entry:
        _expect(key in known, f'{where} has an unknown key "{key}"; known are {", ".join(known)}')


def _access_point(ap: dict, index: int) -> dict:
    where = f"access point {index + 1}"
    _expect(isinstance(ap, dict), f"{where} is not an object")
    _only(ap, where, (*_POINT, "ssid", "password", "security", "bssid"))
    ssid = _text(ap, "ssid", where, None)
    where = f'access point "{ssid}"'
    _expect(0 < len(ssid.encode()) <= 32, f"{where}: an SSID has 1 to 32 bytes")
    password = _text(ap, "password", where, "")
    values = {key: check(ap, key, where, default) for key, (check, default) in _POINT.items()}
    security = _text(ap, "security", where, "wpa2" if password else "open")
    _check_security(where, security, password)
    bssid = _text(ap, "bssid", where, _own_bssid(ssid)).lower()
    _expect(_BSSID.fullmatch(bssid) is not None, f'{where}: "bssid" is like "aa:bb:cc:dd:ee:ff"')
    return values | {"ssid": ssid, "password": password, "security": security, "bssid": bssid}


def _check_security(where: str, security: str, password: str) -> None:
    _expect(security in SECURITY, f'{where}: "security" is one of {", ".join(SECURITY)}')
    if security == "open":
        _expect(not password, f"{where} is open, so it has no password")
    elif security == "wep":
        _expect(len(password) in (5, 13), f"{where}: a WEP password has 5 or 13 characters")
    else:
        _expect(8 <= len(password) <= 64, f"{where}: a WPA password has 8 to 64 characters")


def _station(station: dict, index: int) -> dict:
    where = f"station {index + 1}"
    _expect(isinstance(station, dict), f"{where} is not an object")
    _only(station, where, ("mac", "ssid", "password", "dhcp"))
    mac = _text(station, "mac", where, None).lower()
    _expect(_BSSID.fullmatch(mac) is not None, f'{where}: "mac" is like "aa:bb:cc:dd:ee:ff"')
    where = f'station "{mac}"'
    password = _text(station, "password", where, "")
    fits = not password or 8 <= len(password.encode()) <= 63
    _expect(fits, f"{where}: a password has 8 to 63 bytes")
    return {
        "mac": mac,
        "ssid": None if station.get("ssid") is None else _text(station, "ssid", where, None),
        "password": password,
        "dhcp": _flag(station, "dhcp", where, True),
    }


def _own_bssid(ssid: str) -> str:
    """A BSSID that stays the same for a name; 02 marks it as locally administered."""
    return "02:" + hashlib.sha256(ssid.encode()).digest()[:5].hex(":")


def _host(name: str, entry: str | dict) -> str | dict:
    where = f'host "{name}"'
    if isinstance(entry, str):
        return _ipv4({"address": entry}, "address", where, None)
    _expect(isinstance(entry, dict), f"{where} is an address or an object")
    _only(entry, where, ("address", "ports", "delay", "lookup"))
    _expect(entry.get("lookup", "ok") in ("ok", "fail"), f'{where}: "lookup" is "ok" or "fail"')
    failing = entry.get("lookup") == "fail"
    ports = entry.get("ports", {})
    _expect(isinstance(ports, dict), f'{where}: "ports" is an object: port -> port')
    return {
        "address": _ipv4(entry, "address", where, "0.0.0.0" if failing else None),
        "ports": {_port(port, where, str): _port(to, where, int) for port, to in ports.items()},
        "delay": _seconds(entry, "delay", where, 0),
        "lookup": "fail" if failing else "ok",
    }


def _port(value: str | int, where: str, kind: type) -> str | int:
    digits = str(value)
    usable = not isinstance(value, bool) and digits.isdecimal() and 0 < int(digits) < 65536
    _expect(usable, f"{where}: {value!r} is not a port number")
    return kind(digits)


def _text(entry: dict, key: str, where: str, default: str | None) -> str:
    value = entry.get(key, default)
    _expect(value is not None, f'{where} has no "{key}"')
    if not isinstance(value, str):
        raise WorldError(f'{where}: "{key}" is a text')
    return value


def _whole(low: int, high: int) -> Callable[[dict, str, str, int], int]:
    def check(entry: dict, key: str, where: str, default: int) -> int:
        value = entry.get(key, default)
        whole = isinstance(value, int) and not isinstance(value, bool)
        _expect(whole and low <= value <= high, f'{where}: "{key}" is from {low} to {high}')
        return value

    return check


def _flag(entry: dict, key: str, where: str, default: bool) -> bool:
    value = entry.get(key, default)
    _expect(isinstance(value, bool), f'{where}: "{key}" is true or false')
    return value


def _seconds(entry: dict, key: str, where: str, default: float) -> float:
    value = entry.get(key, default)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    _expect(number and 0 <= value <= 3600, f'{where}: "{key}" is seconds, from 0 to 3600')
    return value


def _ipv4(entry: dict, key: str, where: str, default: str | None) -> str:
    value = _text(entry, key, where, default)
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError as error:
        raise WorldError(f'{where}: "{key}" {value!r} is not an IPv4 address') from error


_POINT: dict[str, tuple[Callable[..., Any], Any]] = {
    "channel": (_whole(1, 13), 1),
    "rssi": (_whole(-120, 0), -30),
    "delay": (_seconds, 0.02),
    "hidden": (_flag, False),
    "reason": (_whole(0, 255), 0),
    "dhcp": (_flag, True),
    "address": (_ipv4, "192.168.4.2"),
}
