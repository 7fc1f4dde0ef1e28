# Floor 3: handlers and their rows, one module per family; families never import each other.
