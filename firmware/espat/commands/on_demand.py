# The rows of families that many hosts never use. Their code is loaded with the first command of
# theirs: it would take a fifth of a chip's memory from those who do without.

from espat.pure.table import Command

_HERE = "espat.commands."

TIMESTAMP = (
    Command(b"+SYSTIMESTAMP", query="timestamp_query", set="timestamp_set", module=_HERE + "clock"),
)
MFG = (Command(b"+SYSMFG", query="query", set="access", module=_HERE + "mfg"),)
MESSAGE_FILTER = (
    Command(
        b"+SYSMSGFILTER", query="switch_query", set="switch_set", module=_HERE + "message_filter"
    ),
    Command(
        b"+SYSMSGFILTERCFG",
        query="filters_query",
        set="filters_set",
        module=_HERE + "message_filter",
    ),
)
CLOCK = (
    Command(b"+CIPSNTPCFG", query="sntp_query", set="sntp_set", module=_HERE + "clock"),
    Command(b"+CIPSNTPINTV", query="interval_query", set="interval_set", module=_HERE + "clock"),
    Command(b"+CIPSNTPTIME", query="time_query", module=_HERE + "clock"),
)
HTTP_CONFIG = (Command(b"+HTTPCFG", set="configure", module=_HERE + "http_config"),)
FILES = (
    Command(b"+FS", set="access", module=_HERE + "fs"),
    Command(b"+FSMOUNT", set="mount", module=_HERE + "fs"),
)
UART = (
    Command(b"+UART", query="query", set="default_set", module=_HERE + "uart"),
    Command(b"+UART_CUR", query="current_query", set="current_set", module=_HERE + "uart"),
    Command(b"+UART_DEF", query="default_query", set="default_set", module=_HERE + "uart"),
)
TRANSFERS = (
    Command(b"+HTTPGET_TO_FS", set="download", module=_HERE + "transfers"),
    Command(b"+FS_TO_HTTP_SERVER", set="upload", module=_HERE + "transfers"),
)
