# Floor 3: handlers and their rows, one module per family; families never import each other.

from espat.commands import (
    basic,
    clock,
    fs,
    http,
    http_config,
    ip,
    message_filter,
    mfg,
    transfers,
    wifi,
)

# The order of AT+CMD? is the order of registration, as in ESP-AT (wire.md 1.6).
FAMILIES = (
    basic.ROWS,
    clock.SYSTEM_ROWS,
    basic.SYSTEM_ROWS,
    mfg.ROWS,
    message_filter.ROWS,
    basic.SETTING_ROWS,
    wifi.ROWS,
    ip.ROWS,
    clock.ROWS,
    http.ROWS,
    http_config.ROWS,
    fs.ROWS,
    transfers.ROWS,
)
