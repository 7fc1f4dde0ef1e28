# What the host sets of the UART and of HTTP.

from espat.commands import http_options, http_presets, uart

HANDLERS = http_options.HANDLERS, http_presets.HANDLERS, uart.HANDLERS
