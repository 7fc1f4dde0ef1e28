# What the host sets of the UART, of HTTP, and of TLS on links.

from espat.commands import http_options, http_presets, socket_tls, uart

HANDLERS = http_options.HANDLERS, http_presets.HANDLERS, socket_tls.HANDLERS, uart.HANDLERS
