# AT+UART_CUR, AT+UART_DEF and AT+UART: the settings of the AT port (wire.md 2.7).

from espat.edges.uart import configuration, flow_pins
from espat.pure import uart_config
from espat.pure.errors import Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import settings


async def current(device, reply, args):
    if args is None:
        await _show(reply, b"UART_CUR", configuration(device.port.driver))
    else:
        _switch(device, reply, _config(device, args))


async def default(device, reply, args):
    if args is None:
        stored = uart_config.load(settings.text(settings.UART))
        await _show(reply, b"UART_DEF", stored or device.port.factory)
    else:
        _set_default(device, reply, args)


async def both(device, reply, args):
    if args is None:
        await _show(reply, b"UART", configuration(device.port.driver))
    else:
        _set_default(device, reply, args)


async def _show(reply, name, config):
    await reply.line(b"+%s:%s" % (name, uart_config.dump(config)))


def _set_default(device, reply, args):
    config = _config(device, args)
    # Saved always, whatever AT+SYSSTORE says (wire.md 1.10).
    settings.save(settings.UART, uart_config.dump(config))
    _switch(device, reply, config)


def _config(device, args):
    needed = len(uart_config.LIMITS)
    args.count(needed, needed)
    config = tuple(args.number(i, *uart_config.LIMITS[i]) for i in range(needed))
    if config[uart_config.STOP] == uart_config.ONE_AND_A_HALF:
        raise Failure(NOT_SUPPORTED)  # machine.UART does not have it
    if config[uart_config.FLOW] & ~flow_pins(device.board):
        raise Failure(NOT_SUPPORTED, "this board has no pin for that flow control")
    return config


def _switch(device, reply, config):
    async def switch():
        await device.port.switch(config)

    # What is in force already, as it was set or as it is told, is not set anew: the driver would
    # lose what the host sends meanwhile.
    if config not in (device.port.config, configuration(device.port.driver)):
        reply.after = switch


HANDLERS = {
    b"+UART": both,
    b"+UART_CUR": current,
    b"+UART_DEF": default,
}
