# Any board with an ESP32-S2. Pins, baud and buffer sizes: factory defaults of ESP-AT for this chip.
#
# RTS and CTS are the pins of native USB, which MicroPython's image takes when it starts
# (ports/esp32/usb.c): so USB is lost here, and flow control is off until an image without USB, or
# other pins, make it work. docs/wiring.md has both.

NAME = "ESP32_GENERIC_S2"
CHIP = "ESP32-S2"
MODULES = ("WROOM", "WROVER", "MINI")
UART_ID = 1
TX = 17
RX = 21
CTS = 20
RTS = 19
BAUD = 115200
FLOW = 0  # as in AT+UART: 0 none, 1 RTS, 2 CTS, 3 both
RXBUF = 2048
TXBUF = 4352
LINE_LIMIT = 256
UPLOAD_BUFFER = 16384
WORKER_STACK = 5 * 1024
LOG = ("UART0",)
ESCAPE_PIN = 0  # the BOOT button
