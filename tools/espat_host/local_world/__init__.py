"""The servers that a board meets, on free ports of this PC: good ones, bad ones, real ones."""
