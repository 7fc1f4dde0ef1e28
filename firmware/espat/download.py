# A download to a file.

from espat.commands import fs_download

HANDLERS = (fs_download.HANDLERS,)
