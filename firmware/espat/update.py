# Updates.

from espat.commands import update
from espat.edges import package_tree

HANDLERS = (update.HANDLERS,)
clear = package_tree.clear
