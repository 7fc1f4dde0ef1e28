"""What the Wi-Fi commands send and get in the simulated world."""

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
CONNECTED = b"WIFI CONNECTED\r\nWIFI GOT IP\r\n"
DISCONNECT = b"WIFI DISCONNECT\r\n"
JOIN = 'AT+CWJAP="espressif","1234567890"'
