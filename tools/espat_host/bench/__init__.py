"""`make bench`: the firmware's figures beside those of bare loops on the same simulated board."""
