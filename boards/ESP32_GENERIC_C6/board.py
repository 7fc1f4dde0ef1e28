# Any board with an ESP32-C6. Pins, baud, flow control and buffer sizes: factory defaults of
# ESP-AT for this chip.

NAME = "ESP32_GENERIC_C6"
CHIP = "ESP32-C6"
MODULES = ("WROOM-1", "MINI-1")
UART_ID = 1
TX = 7
RX = 6
CTS = 5
RTS = 4
BAUD = 115200
FLOW = 1  # as in AT+UART: 0 none, 1 RTS, 2 CTS, 3 both
RXBUF = 2048
TXBUF = 4352
LINE_LIMIT = 256
UPLOAD_BUFFER = 16384
WORKER_STACK = 5 * 1024
LOG = ("UART0", "USB")
ESCAPE_PIN = 9  # the BOOT button
