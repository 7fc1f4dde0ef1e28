# All commands, for a moment: the rows are loaded to find the family of a command, and forgotten.

from espat.commands import basic
from espat.commands import on_demand as rows

# The order of AT+CMD? is the order of registration, as in ESP-AT (wire.md 1.6).
_FAMILIES = (
    basic.ROWS,
    rows.ABOUT,
    rows.GATHERING,
    rows.TIMESTAMP,
    rows.SLEEP,
    rows.RESTORE,
    rows.MEMORY,
    rows.FLASH,
    rows.MFG,
    rows.MESSAGE_FILTER,
    rows.RADIO,
    rows.MESSAGES,
    rows.ROLLBACK,
    rows.SETTINGS,
    rows.REGISTERS,
    rows.WIFI_INIT,
    rows.WIFI_MODE,
    rows.WIFI_CONFIG,
    rows.WIFI_JOIN,
    rows.WIFI_RECONNECT,
    rows.SCAN,
    rows.WIFI_LEAVE,
    rows.ACCESS_POINT,
    rows.DHCP,
    rows.DHCP_SERVER,
    rows.WIFI_SETTINGS,
    rows.IP,
    rows.ADDRESSES,
    rows.LOOKUP,
    rows.CLOCK,
    rows.PING,
    rows.HTTP,
    rows.HTTP_CONFIG,
    rows.FILES,
    rows.UPDATE,
    rows.UART,
    rows.USER,
    rows.TRANSFERS,
)

ROWS = tuple(row for family in _FAMILIES for row in family)
PARTS = rows.PARTS
