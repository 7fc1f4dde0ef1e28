# The buffers that are always there, made before the rest: once objects lie all over the heap, no
# stretch of this size may be left (docs: "MicroPython on microcontrollers").

_STAGING = 256
CHUNK_HEADER = 32  # "+FS_TO_HTTP_SERVER:10240," and room to spare
CHUNK_END = 2  # CR LF
_CHUNK = 2048


class Buffers:
    """staging: one read from the UART. chunk: one chunk to the host with its frame, and before that
    the head of the answer, line by line."""

    def __init__(self, board, memory):
        self.chunk = memory.grow(board, CHUNK_HEADER + _CHUNK + CHUNK_END)
        self.staging = bytearray(_STAGING)
