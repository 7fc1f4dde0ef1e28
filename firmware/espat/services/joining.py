# What commands do with the station: join, and ask for access points.

import asyncio

from espat.edges import radio as link
from espat.edges.deadline import after, expired
from espat.services.station import CONNECTING, JOINING_POLL_MS, SCAN_MS, JoinFailed

_SETTLING_MS = 100
_AGAIN_MS = 200


async def join(station, config):
    """Join as `config` says and return when there is an address; raises JoinFailed. Then the
    station is left alone, with the configuration it had before."""
    station.held = True
    before, code = station.config, link.TIMEOUT
    try:
        await station.leave()
        station.config = config
        station.state = CONNECTING
        deadline = after(config.timeout * 1000)
        bssid = await station.choose(config)
        while True:
            station.begin(bssid)
            outcome = await _outcome(station, deadline)
            if outcome is None:
                station.wanted = True
                return
            code = outcome & ~link.MAY_PASS or code
            if not outcome & link.MAY_PASS or expired(deadline):
                raise JoinFailed(code)
            await asyncio.sleep_ms(_AGAIN_MS)
    finally:
        if not station.wanted:
            await station.leave()
            station.config = before
        station.held = False


async def scan(station):
    """What radio.scan() gives; raises Busy or OSError. The driver refuses it while it joins."""
    station.held = True
    try:
        station.pause()
        await asyncio.sleep_ms(_SETTLING_MS)
        return await station.worker.call(station.radio.scan, (), SCAN_MS)
    finally:
        station.held = False


async def _outcome(station, deadline):
    while True:
        await station.look()
        if station.linked == link.HAS_ADDRESS:
            return None
        code = station.radio.failure()
        if code is not None and station.linked == link.DOWN:
            return code
        if expired(deadline):
            return link.MAY_PASS  # no answer: TIMEOUT, or what an attempt before it was told
        await asyncio.sleep_ms(JOINING_POLL_MS)
