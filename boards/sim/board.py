# The simulated board, as data: an ESP32-WROOM wired as ESP-AT wires it, AT port on UART1.
# Pins, baud, flow control and buffer sizes: factory defaults of ESP-AT for ESP32.

NAME = "sim"
CHIP = "ESP32"
MODULES = ("WROOM-32",)
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
WORKER_STACK = 5 * 1024  # as on a chip; the launcher gives the PC's resolver what it needs
LOG = ("UART0",)  # the file board.log
