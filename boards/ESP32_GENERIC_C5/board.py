# Any board with an ESP32-C5. Pins, baud, flow control and buffer sizes: factory defaults of
# ESP-AT for this chip.

NAME = "ESP32_GENERIC_C5"
CHIP = "ESP32-C5"
MODULES = ("WROOM-1", "MINI-1")
UART_ID = 1
TX = 23
RX = 24
CTS = 25
RTS = 26
BAUD = 115200
FLOW = 1  # as in AT+UART: 0 none, 1 RTS, 2 CTS, 3 both
RXBUF = 2048
TXBUF = 4352
LINE_LIMIT = 256
UPLOAD_BUFFER = 16384
WORKER_STACK = 5 * 1024
LOG = ("UART0", "USB")
ESCAPE_PIN = 28  # the BOOT button
