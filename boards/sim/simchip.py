# What a plain ESP32 has of memory and who takes how much of it, in bytes. Measured on MicroPython's
# official ESP32_GENERIC 1.26.1 image unless a line says otherwise: `gc` and `esp32.idf_heap_info()`
# told the states, differences between states are who came in between. Estimates are on the large
# side: the simulated board must never be kinder than the chip.

# The Python heap begins with 56 KB (ports/esp32/mpconfigport.h, MICROPY_GC_INITIAL_HEAP_SIZE). Of
# each area 3/128 are the collector's own tables (py/gc.c, gc_try_add_heap), which leaves 56,000.
GC_FIRST = 56 * 1024

# Free in the system heap at the prompt, beside that. With Wi-Fi: 101,800, of which 98,300 in one
# block: what is in small pieces goes first.
SYSTEM = 112900
PIECES = 3500
# (total, free, largest, least) of the regions of ESP-IDF's heap that hardly change, and the size of
# the one that does.
SMALL_REGIONS = ((15072, 4, 0, 4), (23456, 0, 0, 0))
LARGE_REGION = 153600

# Wi-Fi: what its first object takes; a joined station (101,800 -> 95,500); the access point
# (an estimate).
WLAN = 11100
JOINED = 6300
ACCESS_POINT = 5000
# What any call of Wi-Fi's wants for a moment: a frame and its description (an estimate).
WIFI_CALL = 2000

# A UART driver has its two buffers and this (an estimate). The first one brings what the
# firmware's figures when ready have more than Wi-Fi, areas and buffers: 101,800 - 57,344 - 10,240 -
# 1,000 - 30,000.
UART = 1000
FIRST_UART = 3200

# A thread: its stack and its control block. ports/esp32/mpthreadport.c: the smallest stack, and
# that of a thread that asks for none.
THREAD = 1024
SMALLEST_STACK = 4096
USUAL_STACK = 5120

# Sockets: lwIP's parts of one; with a connection, its window of 5,744 bytes (CONFIG_LWIP_TCP_WND)
# filled: the worst moment of a GET had 7,600 less than the joined board, in pieces of which 1,100
# stay between others. A datagram socket: one packet of 1,500 bytes (an estimate).
SOCKET = 600
CONNECTION = 7000
HOLES = 1100
DATAGRAM = 1600
LOOKUP = 1000  # a request to the name server, an estimate

# TLS: 25 KB while a session stands and 32.5 KB at the handshake's peak, socket included, which is
# idle then. The two records, 16,717 and 4,429 bytes (MBEDTLS_SSL_IN_CONTENT_LEN, _OUT_), are there
# from wrap_socket() on. CERTIFICATE: mbedTLS's parsed copy of one, beside its bytes (an estimate).
TLS_IDLE_CONNECTION = 400
TLS_RECORD = 16717
TLS_WRAP = 21900
TLS_SESSION = 25 * 1024 - SOCKET - TLS_IDLE_CONNECTION - TLS_WRAP
TLS_PEAK = 32 * 1024 + 512 - SOCKET - TLS_IDLE_CONNECTION - TLS_WRAP
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
