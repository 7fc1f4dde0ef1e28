# Beside them, with a server for links.

from espat.services import link_server

LinkServer = link_server.LinkServer
