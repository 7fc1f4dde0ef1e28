# Floor 3: handlers and their rows, one module per family; families never import each other.

from espat.commands import basic, http, ip, wifi

# The order of AT+CMD? is the order of registration, as in ESP-AT (wire.md 1.6).
FAMILIES = (basic.ROWS, wifi.ROWS, ip.ROWS, http.ROWS)
