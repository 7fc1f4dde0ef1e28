# Scan, join, and the settings of the station.

from espat.commands import scan, station_settings, wifi

HANDLERS = scan.HANDLERS, station_settings.HANDLERS, wifi.HANDLERS
