# Any board with an ESP32-C2 (ESP8684). Pins, baud, flow control and buffer sizes: factory defaults
# of ESP-AT for this chip.

NAME = "ESP32_GENERIC_C2"
CHIP = "ESP32-C2"
MODULES = ("WROOM-02C", "MINI-1")
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
UPLOAD_BUFFER = 8192  # of 16384 elsewhere: this chip has the least memory
WORKER_STACK = 5 * 1024
LOG = ("UART0",)
ESCAPE_PIN = 9  # the BOOT button
