# ESP32 modules that need GPIO16 and 17 for a PSRAM or for the flash in the chip. Pins, baud, flow
# control and buffer sizes: factory defaults of ESP-AT for WROVER-32, PICO-D4, MINI-1 and D2WD.

NAME = "ESP32_WROVER"
MICROPYTHON = "ESP32_GENERIC"
CHIP = "ESP32"
MODULES = ("WROVER", "PICO-D4", "MINI-1", "D2WD")
UART_ID = 1
TX = 22
RX = 19
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
