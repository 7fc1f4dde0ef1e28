# Beside the families with a link over TLS.

from espat.services import link_tls

make_room, secured = link_tls.make_room, link_tls.secured
