# What the host sets of the UART, of HTTP, of TLS on links, and of a passthrough at the start.

from espat.commands import http_options, http_presets, socket_saved, socket_tls, uart

HANDLERS = (
    http_options.HANDLERS,
    http_presets.HANDLERS,
    socket_saved.HANDLERS,
    socket_tls.HANDLERS,
    uart.HANDLERS,
)
