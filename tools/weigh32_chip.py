# What comes before the first weighing of tools/espat_host/bench/weigh32.py, in MicroPython as
# WebAssembly: what a chip has in its image and that port has not, so that it does not count.

# Loaded: most of them are Python there, and a chip has them as C or loads them in any case.
import asyncio
import binascii  # noqa: F401
import collections  # noqa: F401
import errno  # noqa: F401
import gc
import hashlib  # noqa: F401
import io  # noqa: F401
import os
import struct  # noqa: F401
import sys
import time  # noqa: F401

import micropython

for name in ("Event", "Lock", "wait_for", "wait_for_ms"):
    getattr(asyncio, name)  # asyncio's own parts come one by one

# Modules of the chip, and those of their names that the firmware uses: a chip has these in its
# image, so they take no memory there.
CHIP = {
    "_thread": "allocate_lock start_new_thread stack_size",
    "board": "",
    "esp32": """
        HEAP_DATA NVS Partition TYPE_DATA RUNNING commit erase_key get_blob get_i32 get_next_update
        idf_heap_info set_blob set_boot set_i32 find""",
    "machine": """
        CTS HARD_RESET IN PULL_UP PWRON_RESET Pin RTC RTS RX TX UART WDT_RESET baudrate bits cts
        deepsleep deinit feed flow heap init memory mem32 parity reset reset_cause rts rx rxbuf tx
        txbuf txdone urandom""",
    "network": """
        IF_AP IF_STA STAT_CONNECTING STAT_GOT_IP STAT_IDLE WLAN active addr4 auth authmode bssid
        channel config dhcp dhcp4 disconnect dns gw4 hidden host hostname ipconfig isconnected k mac
        max_clients password pm power protocol reconnects rssi scan security ssid stations status
        system txpower""",
    "select": "",
    "socket": """
        AF_INET AF_INET6 IPPROTO_IP IP_ADD_MEMBERSHIP SOCK_DGRAM SOCK_RAW SOCK_STREAM SOL_SOCKET
        IPPROTO_TCP SO_BROADCAST SO_REUSEADDR TCP_NODELAY accept bind connect getaddrinfo listen
        port recv recvfrom sendto setblocking setsockopt""",
    "ssl": """
        CERT_NONE CERT_REQUIRED PROTOCOL_TLS_CLIENT PROTOCOL_TLS_SERVER SSLContext
        cadata do_handshake_on_connect load_cert_chain load_verify_locations server_hostname
        server_side tls verify_mode wrap_socket""",
    # Of asyncio's streams, and of modules that the image has besides.
    "": "StreamReader call current drain empty entry fs i on package put restart",
}


class Part:
    """A module whose every name is a number, its own one: enough for what an import asks of it."""

    def __getattr__(self, name):
        return hash(name)


for part, names in CHIP.items():
    for name in names.split():
        hasattr(sys, name)  # makes it a name
    if part:
        sys.modules[part] = Part()

os.chdir("/board")
sys.path[:] = ["lib", ".frozen"]  # as firmware/main.py has it


def tell_weight():
    """Two lines: live bytes, and MicroPython's own line on its table of names."""
    print(gc.mem_alloc())
    micropython.qstr_info()


def tell_needs(names):
    """A line for each module that importing these brings: itself and all that come with it."""
    names = list(names)
    for name in names:  # which grows
        before = set(sys.modules)
        __import__(name)
        came = [one for one in sys.modules if one not in before]
        for one in came:
            del sys.modules[one]
            if one not in names:
                names.append(one)
        print(name, *came)
