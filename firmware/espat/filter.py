# Beside the families while there are message filters, or the access point is on.

from espat.services import filters, guests

Filter, Watch = filters.Filter, guests.Watch
