# The settings that survive a reset (wire.md 1.10): which they are, how they are stored, and what
# holds when a stored value makes no sense.

from espat.pure import station_config

_MODE = "cwmode"
_JOIN = "cwjap"
_ALL = (_MODE, _JOIN)
_DEFAULT_MODE = 1


class Settings:
    def __init__(self, storage):
        self._storage = storage

    def mode(self):
        """AT+CWMODE's 0..3."""
        mode = self._storage.get_int(_MODE)
        return mode if mode in (0, 1, 2, 3) else _DEFAULT_MODE

    def save_mode(self, mode):
        self._storage.put_int(_MODE, mode)

    def station(self):
        """The StationConfig of the last join, or None."""
        blob = self._storage.get_bytes(_JOIN)
        return None if blob is None else station_config.load(blob)

    def save_station(self, config):
        self._storage.put_bytes(_JOIN, station_config.dump(config))

    def erase(self):
        """Back to the factory's settings."""
        for key in _ALL:
            self._storage.erase(key)
