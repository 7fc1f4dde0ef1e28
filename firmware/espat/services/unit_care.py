# What a few commands ask of the units; apart from them, because this comes and goes with those.

from espat.services.units import FAMILY

_BESIDE = 2200  # what other commands, and requests, leave until their garbage is collected
# Bytes of room for units that work beside the families (host_tests/sim_only/test_units.py).
UDP, TLS, LISTEN, FILTER = 2500, 2600, 4300, 2800


def spare(units, size=0):
    """Raise Failure unless the next family has room, with this one gone, beside what a command is
    about to leave, and `size` bytes that will come."""
    units.memory.spare(FAMILY + _BESIDE + size - units.size)


def hold(units):
    """The family goes on working beside other commands, until let_go()."""
    units.held, units.staying = units.present, tuple(units.loaded)


def let_go(units):
    units.held, units.staying = None, ()


def keep(units, name, user):
    """A unit that units.beside() has brought works beside the families as long as `user` is
    needed()."""
    users = dict(units.working).get(name)
    if users is None:
        users = []
        units.working.append((name, users))
    if user not in users:
        users.append(user)
