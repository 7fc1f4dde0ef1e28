# Beside the families while there are links, or a server for them.

from espat.services import links

Links = links.Links
