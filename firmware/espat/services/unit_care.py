# What a few commands ask of the units; apart from them, because this comes and goes with those.

from espat.services.units import FAMILY

# Bytes of room for what tells of stations, and for filters (host_tests/sim_only/test_units.py).
WATCH = 4800
_ANOTHER = 900  # bytes of room for one more object whose code is there
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


def beside(units, room, user, bring, *args):
    """What bring(*args) gives, which wants so many bytes of room for its code. That works beside
    the families as long as the `user` is needed(), or, without one, as long as what it gives is.
    Raises Failure."""
    for one in units.beside:
        if one[0] is bring:
            break
    else:
        one = bring, [], []
        units.beside.append(one)
    _, names, users = one
    there = units.loaded()
    made, _ = units.memory.code(_ANOTHER if names else room, bring, *args)
    names.extend([name for name in units.loaded() if name not in there])
    if (user or made) not in users:
        users.append(user or made)
    return made
