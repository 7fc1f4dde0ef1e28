"""The dialogues that come with the project, and the local world in which they work."""

import re
from pathlib import Path

from espat_host.build.checkout import TRANSCRIPTS
from espat_host.dialogues.transcript import Transcript, TranscriptError, read_transcript
from espat_host.local_world import network_tool
from espat_host.local_world.payload import picture_bytes
from espat_host.local_world.servers import Servers

ACCESS_POINT = {"ssid": "espressif", "password": "1234567890"}


def paths() -> list[Path]:
    """Every transcript, in order. None at all is an error, not a success."""
    found = sorted(TRANSCRIPTS.glob("*.at"))
    if not found:
        raise TranscriptError(f"no transcripts in {TRANSCRIPTS}")
    return found


def read_all() -> list[Transcript]:
    """Every transcript, in order."""
    return [read_transcript(path) for path in paths()]


def local_world(servers: Servers) -> dict[str, object]:
    """The dialogues' network, in which their two hosts are on this PC."""
    return {"access_points": [ACCESS_POINT], "hosts": servers.world_hosts}


def by_address(path: Path, servers: Servers) -> dict[str, str]:
    """The dialogue's hosts, and where they are for a board that does not know their names; with
    the lengths of data that names them."""
    plain, tls = (url.partition("://")[2] for url in (servers.http, servers.https))
    text = path.read_text(encoding="utf-8")
    httpbin = tls if "https://httpbin.org" in text else plain
    moved = {"www.espressif.com": tls, "httpbin.org": httpbin}
    for address in network_tool.ADDRESSES:
        ports = dict.fromkeys(network_tool.PORTS, servers.tool.port)
        ports |= dict.fromkeys(network_tool.TLS_PORTS, servers.tool.tls_port)
        for port, here in ports.items():
            moved[f'"{address}",{port}'] = f'"{servers.host}",{here}'
    for data in re.findall(r"^>> (.*)$", text, re.MULTILINE):
        length = len(data.replace("httpbin.org", httpbin))
        moved[f"{len(data)},"] = f"{length},"
        moved[f'"{len(data)}"'] = f'"{length}"'
        moved[f"+HTTPURLCFG={len(data)}"] = f"+HTTPURLCFG={length}"
    for told in re.findall(r"^< \+HTTPURLCFG:\d+,(.*)$", text, re.MULTILINE):
        moved[f":{len(told)},"] = f":{len(told.replace('httpbin.org', httpbin))},"
    return moved


def local_files() -> dict[str, bytes]:
    """What `file=` in a transcript stands for."""
    return {"solution-platform.jpg": picture_bytes()}
