# All commands, as rows in the order of AT+CMD?, which is that of registration, as in ESP-AT
# (wire.md 1.6). The table is loaded for a moment, to find the family of a command, and forgotten.

from espat.commands import basic
from espat.pure.table import Command

_HERE = "espat.commands."
_ABOUT = _HERE + "about"
_SYSTEM = _HERE + "system"
_POWER = _HERE + "power"
_PARTITIONS = _HERE + "partitions"
_MFG = _HERE + "mfg"
_FILTER = _HERE + "message_filter"
_CLOCK = _HERE + "clock"
_STATION = _HERE + "station_settings"
_SCAN = _HERE + "scan"
_ACCESS_POINT = _HERE + "access_point"
_ACCESS_POINT_IP = _HERE + "access_point_ip"
_WIFI = _HERE + "wifi"
_ADDRESSES = _HERE + "addresses"
_LOOKUPS = _HERE + "lookups"
_HTTP = _HERE + "http"
_PRESETS = _HERE + "http_presets"
_FS = _HERE + "fs"
_UPDATE = _HERE + "update"
_UART = _HERE + "uart"
_TRANSFERS = _HERE + "transfers"

ROWS = basic.ROWS + (
    Command(b"+GMR", exec="versions", module=_ABOUT),
    Command(b"+CMD", query="commands", module=_ABOUT),
    Command(b"+TRANSINTVL", query="gathering_query", set="gathering_set", module=_SYSTEM),
    Command(b"+SYSTIMESTAMP", query="timestamp_query", set="timestamp_set", module=_CLOCK),
    Command(b"+GSLP", set="deep_sleep", module=_POWER),
    Command(b"+SLEEP", query="sleep_query", set="sleep_set", module=_POWER),
    Command(b"+SLEEPWKCFG", set="wakeup_set", module=_POWER),
    Command(b"+RESTORE", exec="restore", module=_ABOUT),
    Command(b"+SYSRAM", query="memory_query", set="memory_set", module=_SYSTEM),
    Command(b"+SYSFLASH", query="query", set="access", module=_PARTITIONS),
    Command(b"+SYSMFG", query="query", set="access", module=_MFG),
    Command(b"+SYSMSGFILTER", query="switch_query", set="switch_set", module=_FILTER),
    Command(b"+SYSMSGFILTERCFG", query="filters_query", set="filters_set", module=_FILTER),
    Command(b"+RFPOWER", query="transmit_power_query", set="transmit_power_set", module=_POWER),
    Command(b"+RFCAL", exec="calibrate", module=_POWER),
    Command(b"+SYSMSG", query="messages_query", set="messages_set", module=_SYSTEM),
    Command(b"+SYSROLLBACK", query="programs_query", exec="roll_back", module=_PARTITIONS),
    Command(b"+SYSLOG", query="syslog_query", set="syslog_set", module=_ABOUT),
    Command(b"+SYSSTORE", query="store_query", set="store_set", module=_ABOUT),
    Command(b"+SYSREG", set="register", module=_SYSTEM),
    Command(b"+CWINIT", query="init_query", set="init_set", module=_STATION),
    Command(b"+CWMODE", query="mode_query", set="mode_set", module=_WIFI),
    Command(b"+CWSTATE", query="state_query", module=_WIFI),
    Command(b"+CWCONFIG", query="config_query", set="config_set", module=_STATION),
    Command(b"+CWJAP", query="join_query", set="join_set", exec="join_again", module=_WIFI),
    Command(b"+CWRECONNCFG", query="reconnect_query", set="reconnect_set", module=_STATION),
    Command(b"+CWLAP", set="scan_for", exec="scan", module=_SCAN),
    Command(b"+CWLAPOPT", set="options_set", module=_SCAN),
    Command(b"+CWQAP", exec="leave", module=_WIFI),
    Command(b"+CWSAP", query="network_query", set="network_set", module=_ACCESS_POINT),
    Command(b"+CWLIF", exec="stations", module=_ACCESS_POINT),
    Command(b"+CWQIF", set="dismiss", exec="dismiss_all", module=_ACCESS_POINT),
    Command(b"+CWDHCP", query="dhcp_query", set="dhcp_set", module=_ADDRESSES),
    Command(b"+CWDHCPS", query="server_query", set="server_set", module=_ACCESS_POINT_IP),
    Command(b"+CWSTAPROTO", query="protocol_query", set="protocol_set", module=_STATION),
    Command(b"+CWAPPROTO", query="protocol_query", set="protocol_set", module=_ACCESS_POINT),
    Command(b"+CWAUTOCONN", query="autoconnect_query", set="autoconnect_set", module=_STATION),
    Command(b"+CWHOSTNAME", query="hostname_query", set="hostname_set", module=_STATION),
    Command(b"+CWCOUNTRY", query="country_query", set="country_set", module=_STATION),
    Command(b"+CIFSR", exec="addresses", module=_HERE + "ip"),
    Command(b"+CIPSTAMAC", query="mac_query", set="mac_set", module=_ADDRESSES),
    Command(b"+CIPAPMAC", query="mac_query", set="mac_set", module=_ACCESS_POINT_IP),
    Command(b"+CIPSTA", query="address_query", set="address_set", module=_ADDRESSES),
    Command(b"+CIPAP", query="address_query", set="address_set", module=_ACCESS_POINT_IP),
    Command(b"+CIPV6", query="ipv6_query", set="ipv6_set", module=_ADDRESSES),
    Command(b"+CIPDNS", query="dns_query", set="dns_set", module=_ADDRESSES),
    Command(b"+CIPDOMAIN", set="resolve", module=_LOOKUPS),
    Command(b"+CIPSNTPCFG", query="sntp_query", set="sntp_set", module=_CLOCK),
    Command(b"+CIPSNTPINTV", query="interval_query", set="interval_set", module=_CLOCK),
    Command(b"+CIPSNTPTIME", query="time_query", module=_CLOCK),
    Command(b"+PING", set="ping", module=_LOOKUPS),
    Command(b"+HTTPCLIENT", set="client", module=_HTTP),
    Command(b"+HTTPGETSIZE", set="get_size", module=_HTTP),
    Command(b"+HTTPURLCFG", query="url_query", set="url_set", module=_PRESETS),
    Command(b"+HTTPCHEAD", query="header_query", set="header_set", module=_PRESETS),
    Command(b"+HTTPCGET", set="get", module=_HTTP),
    Command(b"+HTTPCPOST", set="post", module=_HTTP),
    Command(b"+HTTPCPUT", set="put", module=_HTTP),
    Command(b"+HTTPCFG", set="configure", module=_HERE + "http_config"),
    Command(b"+FS", set="access", module=_FS),
    Command(b"+FSMOUNT", set="mount", module=_FS),
    Command(b"+CIUPDATE", query="query", set="choose", exec="newest", module=_UPDATE),
    Command(b"+CIPFWVER", query="versions", module=_UPDATE),
    Command(b"+UART", query="query", set="default_set", module=_UART),
    Command(b"+UART_CUR", query="current_query", set="current_set", module=_UART),
    Command(b"+UART_DEF", query="default_query", set="default_set", module=_UART),
    Command(b"+USERRAM", query="query", set="access", module=_HERE + "user_ram"),
    Command(b"+USEROTA", set="from_url", module=_HERE + "user_update"),
    Command(b"+HTTPGET_TO_FS", set="download", module=_TRANSFERS),
    Command(b"+FS_TO_HTTP_SERVER", set="upload", module=_TRANSFERS),
)

# What a family needs beside its own module, leaves first. It is loaded piece by piece, because
# nothing may stop the event loop for long (host_tests/test_on_demand.py). What is not named here
# comes along with the module that imports it.
_EXCHANGE = (
    "espat.pure.url",
    "espat.pure.request",
    "espat.pure.head",
    "espat.pure.body",
    "espat.services.host_data",
    "espat.edges.resolver",
    "espat.edges.net",
    "espat.services.connections",
    "espat.services.inbound",
    "espat.services.streaming",
    "espat.services.exchange",
    "espat.services.chunks",
)
_UPDATE_PARTS = _EXCHANGE + (
    "espat.edges.flash",
    "espat.edges.package_folders",
    "espat.edges.package_tree",
    "espat.pure.package",
    "espat.services.unpacker",
    "espat.services.update",
)
_NUMBERS = (
    "espat.pure.ipv4",
    "espat.edges.addressing",
    "espat.edges.storage",
    "espat.services.settings",
    "espat.services.addresses",
)
_AP_PARTS = _NUMBERS + (
    "espat.pure.ap_config",
    "espat.pure.dhcp_pool",
    "espat.edges.soft_ap",
    "espat.services.access_point",
)
_REGEX = (
    "espat.pure.regex_program",
    "espat.pure.regex_set",
    "espat.pure.regex_reader",
    "espat.pure.regex_syntax",
    "espat.pure.regex",
    "espat.services.filters",
)
PARTS = {
    _HTTP: _EXCHANGE,
    _PRESETS: _EXCHANGE,  # so that they stay, and with them a kept connection
    _TRANSFERS: _EXCHANGE,
    _FILTER: _REGEX,
    _UPDATE: _UPDATE_PARTS,
    _HERE + "user_update": _UPDATE_PARTS,
    _ADDRESSES: _NUMBERS,
    _ACCESS_POINT: _AP_PARTS,
    _ACCESS_POINT_IP: _AP_PARTS,
}
