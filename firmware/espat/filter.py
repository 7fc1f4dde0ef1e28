# Beside the families while there are message filters.

from espat.services import filters

Filter = filters.Filter
