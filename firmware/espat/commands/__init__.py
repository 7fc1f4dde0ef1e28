# Floor 3: handlers and their rows, one module per family; families never import each other.

from espat.commands import basic, http, ip, on_demand, wifi

# The order of AT+CMD? is the order of registration, as in ESP-AT (wire.md 1.6).
FAMILIES = (
    basic.ROWS,
    on_demand.TIMESTAMP,
    basic.SYSTEM_ROWS,
    on_demand.MFG,
    on_demand.MESSAGE_FILTER,
    basic.SETTING_ROWS,
    wifi.ROWS,
    ip.ROWS,
    on_demand.CLOCK,
    http.ROWS,
    on_demand.HTTP_CONFIG,
    on_demand.FILES,
    on_demand.UART,
    on_demand.TRANSFERS,
)
