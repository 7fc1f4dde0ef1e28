# Floor 2: what the commands share.
