# The simulated flash: programming only clears bits, erasing a block sets them.

import os

import simflash

flash = simflash.Flash(os.getcwd() + "/flash.bin", 4)
buf = bytearray(8)
flash.writeblocks(1, b"\xf0\x0f", 3)
flash.writeblocks(1, b"\xaa\xff", 3)
flash.readblocks(1, buf, 0)
assert buf == b"\xff\xff\xff\xa0\x0f\xff\xff\xff", buf
assert flash.ioctl(6, 1) == 0
flash.readblocks(1, buf, 0)
assert buf == b"\xff" * 8
assert (flash.ioctl(4, 0), flash.ioctl(5, 0)) == (4, 4096)
flash.writeblocks(3, b"\x00" * 4096)
flash.writeblocks(3, b"\x55" * 4096)  # without an offset it erases by itself
again = simflash.Flash(os.getcwd() + "/flash.bin", 4)
again.readblocks(3, buf, 4088)
assert buf == b"\x55" * 8
print("done")
