"""Names that every ESP32 with MicroPython knows.

MicroPython keeps the text of a name in the board's memory only if its image does not have it. So a
linked program calls its own things by names of this list, whatever they mean to others: they are
the words of modules that it has no use for (names.py).

Not in it are names that MicroPython looks up in objects or modules of a program by itself: those of
streams, files, file systems and block devices, of generators, iterators and exceptions, `const` and
`AssertionError`, which the compiler asks for; and no exceptions, which would mislead in a log.
"""

from __future__ import annotations

# Those that a .mpy names by number: `static_qstr_list` in MicroPython's py/makeqstrdata.py, which
# is the same for all of .mpy version 6.
STATIC = """
    abs all any append bool builtins bytearray bytecode bytes callable chr classmethod clear
    copy dict dir divmod end endswith eval exec extend find format from_bytes getattr globals
    hasattr hash index insert int isalpha isdigit isinstance islower isspace issubclass isupper
    items iter join len list little locals lower lstrip main map object ord pop popitem pow
    print range replace repr reverse rfind rindex round rsplit rstrip sep set setattr
    setdefault sort sorted split start startswith staticmethod step stop str strip sum to_bytes
    tuple type update upper values zip
"""

# Those of modules that MicroPython has on all ports of the ESP32's size (py/mpconfig.h, "extra
# features"): math, cmath, uctypes, framebuf, errno, random, deflate, heapq, collections, builtins
# and others, in py/ and extmod/.
CORE = """
    abs_tol acos acosh addressof appendleft argv ARRAY array asin asinh atan atan2 atanh AUTO
    b2a_base64 BF_LEN BF_POS BFINT16 BFINT32 BFINT8 BFUINT16 BFUINT32 BFUINT8 BIG_ENDIAN bin
    blit bound_method buffering bytearray_at byteorder bytes_at calcsize ceil center choice
    closure cmath compile complex copysign cos cosh crc32 deflate DeflateIO degrees delattr
    deleter deque dict_view difference discard doc dumps EACCES EADDRINUSE EALREADY EBADF
    ECONNABORTED ECONNRESET EINVAL EIO EISDIR ellipse ENOBUFS ENODEV ENOTCONN EOPNOTSUPP EPERM
    erf erfc errorcode execfile exit exp expm1 fabs factorial fill_rect filter float FLOAT32
    FLOAT64 fmod framebuf FrameBuffer frexp fromkeys frozenset gamma generator getrandbits
    getter GS2_HMSB GS4_HMSB GS8 GZIP heap_lock heap_unlock heapify heappop heappush heapq help
    hline imag indices inf input INT INT16 INT32 INT64 INT8 intersection isclose isdisjoint
    isenabled isfinite isinf isnan issubset issuperset iterable iterator json kbd_intr keepends
    ldexp lgamma LITTLE_ENDIAN loads localtime log log10 log2 LONG LONGLONG math maxsize
    mem_info mktime modf MONO_HLSB MONO_HMSB MONO_VLSB mtime MVLSB nan NATIVE oct opt_level
    OrderedDict pack_into phase pixel platform polar poly popleft property ps1 ps2 PTR push
    qstr_info radians randint random randrange RAW readlines real rect rel_tol reversed RGB565
    rpartition schedule scroll seed separators SHORT sin single sinh sizeof slice splitlines
    sqrt stack_use sub tan tanh TaskQueue tau time_ns trunc uctypes UINT UINT16 UINT32 UINT64
    UINT8 ULONG ULONGLONG unhexlify uniform union unpack_from USHORT usys version_info vline
    VOID ZLIB
"""

# Those of the ESP32's port on each of its chips: machine, esp, network, socket, tls, cryptolib,
# onewire, os.
CHIP = """
    ADC ADCBlock add_peer ADDR_LEN addrsize aes AP_IF AUTH_MAX AUTH_OPEN AUTH_OWE AUTH_WEP
    AUTH_WPA2_PSK AUTH_WPA3_PSK AUTH_WPA_PSK CERT_OPTIONAL dhcp_hostname essid ifconfig
    IPPROTO_IP IPPROTO_TCP IPPROTO_UDP makefile MODE_11B MODE_11G MODE_11N MODE_LR phy_mode
    PROTOCOL_TLS_SERVER SO_BROADCAST SO_REUSEADDR SOL_SOCKET atten ATTN_0DB ATTN_6DB bitstream
    country crc8 decrypt DEEPSLEEP del_peer disable_irq drive DRIVE_0 DRIVE_1 DRIVE_2 DRIVE_3
    dupterm
    duty duty_ns duty_u16 enable_irq encrypt firstbit flash_read flash_size freq get_peer
    get_peers hard I2C ifidx ifname INV_CTS INV_RTS INV_RX INV_TX IRQ_FALLING IRQ_RISING
    KEY_LEN lmk LOG_DEBUG LOG_ERROR LOG_INFO LOG_NONE lookahead LSB mem16 mem8 memaddr miso
    mod_peer mosi MSB nodename ONE_SHOT onewire osdebug OUT period PERIODIC polarity progsize
    PWM read_u16 read_uv readbit readbyte readfrom readsize sck scl sda set_pmk Signal SLEEP
    SoftI2C SoftSPI SPI STA_IF sysname tick_hz Timer trigger uname VfsFat VfsLfs2 websocket
    writebit writebyte writeto writevto
"""

# Those of asyncio, which every image has (extmod/asyncio/core.py).
ASYNCIO = """
    call_exception_handler cur_task get_event_loop get_exception_handler idx IOQueue
    new_event_loop poller queue_read queue_write run_forever run_until_complete runq_len
    set_exception_handler sgen SingletonGenerator wait_io_event waitq_len
"""

# Those of drivers that every image of the port has (ports/esp32/boards/manifest.py): dht, ds18x20.
DRIVERS = "DHT11 DHTBase DS18X20 convert_temp read_scratch write_scratch read_temp"


def _short_first(names: str) -> list[str]:
    return sorted(names.split(), key=lambda name: (len(name), name))


# The cheapest first: a name takes its length of a .mpy, but for the static ones.
KNOWN = (*_short_first(STATIC), *_short_first(CORE + CHIP + ASYNCIO + DRIVERS))
