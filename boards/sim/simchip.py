# What a plain ESP32 has of memory and who takes how much of it, in bytes. Measured on MicroPython's
# official ESP32_GENERIC 1.26.1 image unless a line says otherwise: `gc` and `esp32.idf_heap_info()`
# told the states, differences between states are who came in between. Estimates are on the large
# side: the simulated board must never be kinder than the chip.

# The Python heap begins with 56 KB (ports/esp32/mpconfigport.h, MICROPY_GC_INITIAL_HEAP_SIZE). Of
# each area 3/128 are the collector's own tables (py/gc.c, gc_try_add_heap), which leaves 56,000.
GC_FIRST = 56 * 1024

# Free in the system heap at the prompt, beside that, and how much of it lies in the small regions:
# small blocks go there first. One block there has at most SMALL_BLOCK.
SYSTEM = 139588
PIECES = 26620
SMALL_BLOCK = 11776
# (total, free, largest, least) of the regions that are always full, and the size of the one that is
# not, for esp32.idf_heap_info().
SMALL_REGIONS = ((15072, 4, 0, 4), (23456, 0, 0, 0))
LARGE_REGION = 153600

# Wi-Fi: what its first object takes, and more when an interface is on; a joined station (5,900 to
# 6,300); the access point.
WLAN = 35750
WLAN_ACTIVE = 2010
JOINED = 6110
ACCESS_POINT = 4340
# What a call of Wi-Fi's wants for a moment: a frame and its description (an estimate).
WIFI_CALL = 2000

# A UART driver has its two buffers and this. The first one brings what this firmware has more when
# ready than Wi-Fi, areas and buffers explain: 30,368 were free.
UART = 1750
FIRST_UART = 1030

# A thread: its stack and its control block. ports/esp32/mpthreadport.c: the smallest stack, and
# that of a thread that asks for none.
THREAD = 530
SMALLEST_STACK = 4096
USUAL_STACK = 5120

# Sockets: lwIP's parts of one; with a connection, its window of 5,744 bytes (CONFIG_LWIP_TCP_WND)
# filled, in pieces of which some stay between others: in the worst moment of a GET 16,400 were
# free, 14,800 in one block. A datagram socket, with a packet.
SOCKET = 420
CONNECTION = 7340
HOLES = 1100
DATAGRAM = 700
LOOKUP = 1000  # a request to the name server, an estimate

# TLS, context included: from wrap_socket() on there are two records, one of them whole
# (CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN 16,384 and _OUT_ 4,096). In all 32,560 bytes at the peak of a
# handshake, with an RSA certificate; 31,600 when it has ended and data waits to be read.
# CERTIFICATE: mbedTLS's parsed copy of one, beside its bytes (an estimate).
TLS_IDLE_CONNECTION = 20
TLS_RECORD = 16717
TLS_WRAP = 23700
TLS_PEAK = 9150
TLS_SESSION = 7500
CERTIFICATE = 1500

# A handshake without memory: the first since the start ends in a panic, LoadProhibited, in 1.26.1;
# later ones in an error of mbedTLS's, RSA_PUBLIC_FAILED + MPI_ALLOC_FAILED.
FIRST_HANDSHAKE_PANICS = True
HANDSHAKE_FAILURE = -17040

# errno of lwIP and ESP-IDF for "no memory": lwip_socket(), lwip_connect(), lwip_getaddrinfo().
NO_SOCKET = 105
NO_CONNECTION = 12
NO_LOOKUP = -203
NO_TLS = 12  # mbedtls_ssl_setup(): extmod/modtls_mbedtls.c makes MP_ENOMEM of SSL_ALLOC_FAILED
