# ESP32 modules whose flash leaves GPIO16 and 17 free. Pins, baud, flow control and buffer sizes:
# factory defaults of ESP-AT for ESP32-WROOM-32 and SOLO-1.

NAME = "ESP32_GENERIC"
CHIP = "ESP32"
MODULES = ("WROOM-32", "SOLO-1")
UART_ID = 1
TX = 17
RX = 16
CTS = 15
RTS = 14
BAUD = 115200
FLOW = 1  # as in AT+UART: 0 none, 1 RTS, 2 CTS, 3 both
RXBUF = 2048
TXBUF = 4352
LINE_LIMIT = 256
UPLOAD_BUFFER = 16384
WORKER_STACK = 5 * 1024
LOG = ("UART0",)
ESCAPE_PIN = 0  # the BOOT button
