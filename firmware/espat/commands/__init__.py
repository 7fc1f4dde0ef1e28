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
    on_demand.WIFI_INIT,
    wifi.MODE_ROWS,
    on_demand.WIFI_CONFIG,
    wifi.JOIN_ROWS,
    on_demand.WIFI_RECONNECT,
    on_demand.SCAN,
    wifi.LEAVE_ROWS,
    on_demand.DHCP,
    on_demand.WIFI_SETTINGS,
    ip.ROWS,
    on_demand.ADDRESSES,
    on_demand.LOOKUP,
    on_demand.CLOCK,
    on_demand.PING,
    http.ROWS,
    on_demand.HTTP_CONFIG,
    on_demand.FILES,
    on_demand.UART,
    on_demand.TRANSFERS,
)
