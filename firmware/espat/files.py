# Files, and their upload.

from espat.commands import fs, fs_upload

HANDLERS = fs.HANDLERS, fs_upload.HANDLERS
