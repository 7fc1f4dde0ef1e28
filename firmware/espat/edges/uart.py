# The driver of the AT port's UART, and its settings in the numbers of AT+UART
# (pure/uart_config.py).

import sys

import machine

from espat.pure import uart_config

_RTS, _CTS = 1, 2
# From AT+UART's numbers to machine.UART's.
_STOP_BITS = {1: 1, 3: 2}
_PARITIES = (None, 1, 0)


def made_for(board, rxbuf, txbuf):
    """The driver, as the data of a board names UART and pins, with buffers of these sizes."""
    return machine.UART(
        board.UART_ID,
        baudrate=board.BAUD,
        rxbuf=rxbuf,
        txbuf=txbuf,
        flow=_flow(board.FLOW),
        **_pins(board),
    )


def flow_pins(board):
    """The flow control that the board has pins for: a line without one would read as "stop" for
    ever."""
    return _RTS * (board.RTS is not None) | _CTS * (board.CTS is not None)


def configure(driver, choices):
    """Set the driver to the first of `choices` that it does not refuse; that one, how many bits it
    makes of a byte, and whether the host may hold it by CTS."""
    for choice in choices:
        baud, bits, stop, parity, flow = choice
        try:
            driver.init(
                baudrate=baud,
                bits=bits,
                parity=_PARITIES[parity],
                stop=_STOP_BITS[stop],
                flow=_flow(flow),
            )
            return choice, 1 + bits + _STOP_BITS[stop] + (parity > 0), bool(flow & _CTS)
        except (OSError, ValueError) as error:
            sys.print_exception(error)
            refused = error
    raise refused


def configuration(driver):
    """What the driver is set to now; the baud rate is the real one."""
    return uart_config.of_driver(str(driver))


def _pins(board):
    """The pins the board has; machine.UART takes -1 for "none" from 1.29 on, and never None."""
    pins = {"tx": board.TX, "rx": board.RX, "rts": board.RTS, "cts": board.CTS}
    return {name: pin for name, pin in pins.items() if pin is not None}


def _flow(at_flow):
    flow = machine.UART.RTS if at_flow & _RTS else 0
    return flow | (machine.UART.CTS if at_flow & _CTS else 0)
