# What was built, for AT+GMR. A deployment or a build puts its own file of this name in front.

HASH = "source"
DATE = "Nov 23 2026"
TIME = "00:00:00"
