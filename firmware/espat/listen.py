# Beside them, with a server for links.

from espat.services import link_server

Server = link_server.Server
