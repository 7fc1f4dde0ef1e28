# AT on UART0: MicroPython's image for this board has its REPL on USB alone, so that the pins marked
# TX and RX (D6, D7) are free. What this costs: docs/wiring.md, "AT on UART0".

NAME = "SEEED_XIAO_ESP32C3"
CHIP = "ESP32-C3"
MODULES = ("FH4",)  # the chip itself, with its flash inside
UART_ID = 0
TX = 21
RX = 20
CTS = 5  # D3
RTS = 4  # D2
BAUD = 115200
FLOW = 1  # as in AT+UART: 0 none, 1 RTS, 2 CTS, 3 both
RXBUF = 2048
TXBUF = 4352
LINE_LIMIT = 256
UPLOAD_BUFFER = 16384
WORKER_STACK = 5 * 1024
LOG = ("USB",)
ESCAPE_PIN = 9  # the BOOT button
