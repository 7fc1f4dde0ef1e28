# Beside the families with a link over UDP.

from espat.edges import datagrams

Datagrams = datagrams.Datagrams
