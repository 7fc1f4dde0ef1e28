# Sleep, transmit power and calibration (wire.md 2.5, 2.8, 2.13). Nothing of it is saved.

from espat.edges import chip
from espat.edges.radio import ACCESS_POINT
from espat.pure.errors import EXEC_FAIL, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED

_LONGEST = 0x7FFFFFFF
_BY_DTIM, _LIGHT, _BY_LISTEN_INTERVAL = 1, 2, 3
_MODES = (0, _BY_DTIM, _BY_LISTEN_INTERVAL)  # AT+SLEEP's number by the driver's
_WEAKEST, _STRONGEST = 40, 84  # quarters of a dBm
_BLE_STRONGEST = 7
_GPIO = 2  # the wake-up source of AT+SLEEPWKCFG that is not reserved
_LAST_PIN = 48


async def deep_sleep(device, reply, args):
    args.count(1, 1)
    ms = args.number(0, 0, _LONGEST)

    async def fall_asleep():
        await device.port.drain()
        chip.deep_sleep(ms)

    reply.after = fall_asleep if ms else device.restart


async def sleep(device, reply, args):
    if args is None:
        await reply.line(b"+SLEEP:%d" % _MODES[chip.power_saving()])
        return
    args.count(1, 1)
    mode = args.number(0, 0, _BY_LISTEN_INTERVAL)
    if mode and device.mode & ACCESS_POINT:
        raise AtError(EXEC_FAIL)  # who has joined could not reach it any more
    if mode == _LIGHT:
        # machine.lightsleep() stops the program, and with it the port; the sleep between two
        # events, which ESP-IDF has, is switched off in MicroPython (modmachine.c).
        raise Failure(NOT_SUPPORTED)
    chip.save_power(_MODES.index(mode))


async def wakeup(device, reply, args):
    args.count(2, 3)
    args.number(0, _GPIO, _GPIO)
    args.number(1, 0, _LAST_PIN)
    args.number(2, 0, 1, None)
    raise Failure(NOT_SUPPORTED)  # there is no light sleep to wake up from


async def transmit_power(device, reply, args):
    if args is None:
        await reply.line(b"+RFPOWER:%d" % chip.transmit_power())
        return
    args.count(1, 4)
    power = args.number(0, _WEAKEST, _STRONGEST, None)
    bluetooth = [args.number(index, 0, _BLE_STRONGEST, None) for index in (1, 2, 3)]
    if bluetooth != [None] * 3:
        raise Failure(NOT_SUPPORTED)  # MicroPython does not set the power of Bluetooth
    if power is not None:
        chip.set_transmit_power(power)


async def calibrate(device, reply, args):
    chip.forget_calibration()


HANDLERS = {
    b"+GSLP": deep_sleep,
    b"+SLEEP": sleep,
    b"+SLEEPWKCFG": wakeup,
    b"+RFPOWER": transmit_power,
    b"+RFCAL": calibrate,
}
