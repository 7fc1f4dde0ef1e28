# The settings of the AT port, in the numbers of AT+UART (wire.md 2.7): a tuple of baud, data bits,
# stop bits (1 one, 2 one and a half, 3 two), parity (0 none, 1 odd, 2 even), flow control (1 RTS,
# 2 CTS, 3 both).

LIMITS = ((80, 5000000), (5, 8), (1, 3), (0, 2), (0, 3))
ONE_AND_A_HALF = 2
STOP, FLOW = 2, 4  # where they are in the tuple
_STOP_BITS = {"1": 1, "2": 3}
_PARITIES = {"None": 0, "1": 1, "0": 2}


def dump(config):
    """As bytes for the storage, and for the answers."""
    return b",".join(b"%d" % value for value in config)


def load(text):
    """What dump() was given, or None if it is nothing that the port can be set to."""
    try:
        config = tuple(map(int, text.split(b",")))
    except ValueError:
        return None
    if len(config) != len(LIMITS) or dump(config) != text:
        return None
    for value, (low, high) in zip(config, LIMITS):  # noqa: B905 - MicroPython's zip has no strict
        if not low <= value <= high:
            return None
    return None if config[STOP] == ONE_AND_A_HALF else config


def of_driver(text):
    """The settings in str(machine.UART), which is the only way to ask the driver for them."""
    fields = dict(part.split("=", 1) for part in text[:-1].split(", ")[1:])
    flow = fields.get("flow", "")
    return (
        int(fields["baudrate"]),
        int(fields["bits"]),
        _STOP_BITS[fields["stop"]],
        _PARITIES[fields["parity"]],
        (1 if "RTS" in flow else 0) | (2 if "CTS" in flow else 0),
    )
