# Any board with an ESP32-S3. ESP-AT has no pins for this chip; these are free on every module:
# neither USB (19, 20), flash and PSRAM (26 to 37) nor strapping pins (0, 3, 45, 46), and side by
# side on the ESP32-S3-DevKitC-1. 17 and 18 are UART1's own (soc/uart_pins.h).

NAME = "ESP32_GENERIC_S3"
CHIP = "ESP32-S3"
MODULES = ("WROOM-1", "WROOM-1 octal", "WROOM-2", "MINI-1")
UART_ID = 1
TX = 17
RX = 18
CTS = 16
RTS = 15
BAUD = 115200
FLOW = 1  # as in AT+UART: 0 none, 1 RTS, 2 CTS, 3 both
RXBUF = 2048
TXBUF = 4352
LINE_LIMIT = 256
UPLOAD_BUFFER = 16384
WORKER_STACK = 5 * 1024
LOG = ("UART0", "USB")
ESCAPE_PIN = 0  # the BOOT button
