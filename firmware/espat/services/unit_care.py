# What a few commands ask of the units; apart from them, because this comes and goes with those.

from espat.services.units import FAMILY

_BESIDE = 2200  # what other commands, and requests, leave until their garbage is collected


def spare(units):
    """Raise Failure unless the next family has room, with this one gone, beside what a command is
    about to leave."""
    units.memory.spare(FAMILY + _BESIDE - units.size)


def hold(units):
    """The family goes on working beside other commands, until let_go()."""
    units.held, units.staying = units.present, units.loaded()


def let_go(units):
    units.held, units.staying = None, []
