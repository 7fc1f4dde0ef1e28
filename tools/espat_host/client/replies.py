"""Replies of an AT port: the events of one command, put together."""

from collections.abc import Callable
from dataclasses import dataclass, field

from espat_host.client.events import (
    HTTP_FRAMES,
    LINK_DATA,
    Chunk,
    Event,
    EventReader,
    Frames,
    Line,
    Prompt,
    ProtocolError,
    Result,
)

__all__ = ["ProtocolError", "Reply", "ReplyReader", "Sink"]

Sink = Callable[[bytes], object]


@dataclass
class Reply:
    """One answer: `raw` byte for byte, and its parts.

    When the body went to a sink, `chunks` and `raw` are without it; `sizes` has every length.
    """

    raw: bytes = b""
    lines: list[bytes] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    result: bytes = b""

    @property
    def body(self) -> bytes:
        """The chunks joined."""
        return b"".join(self.chunks)

    @property
    def ok(self) -> bool:
        """Whether the result code says success."""
        return self.result in (b"OK", b"SEND OK", b"SET OK")


class ReplyReader:
    """Takes one reply out of a stream. Feed it; `done` turns true at the result code, and what
    came after it stays in `rest`.

    `prompts`: the reply ends at a prompt, as result `>`, and an OK goes before it. `watch` is told
    every event as it comes."""

    def __init__(
        self,
        *,
        frames: Frames = HTTP_FRAMES,
        sink: Sink | None = None,
        prompts: bool = False,
        watch: Callable[[Event], object] | None = None,
    ) -> None:
        self.reply = Reply()
        self.done = False
        self.sink = sink
        self.prompts = prompts
        self._events = EventReader(frames=frames, prompts=prompts)
        self._watch = watch
        self._raw = bytearray()

    @property
    def rest(self) -> bytearray:
        """What was fed and is no event of this reply."""
        return self._events.rest

    @property
    def body_began(self) -> bool:
        """Whether counted data has come, or begins to."""
        return bool(self.reply.sizes) or self._events.within_body

    def feed(self, data: bytes) -> bool:
        """Take more bytes; returns `done`."""
        self._events.feed(data)
        while not self.done and (event := self._events.next()) is not None:
            self._note(event)
            if self._watch is not None:
                self._watch(event)
        return self.done

    def _note(self, event: Event) -> None:
        match event:
            case Chunk():
                if event.name != LINK_DATA:  # which comes unasked
                    self._note_chunk(event)
            case Line():
                self._raw += event.raw
                if event.text:
                    self.reply.lines.append(event.text)
            case Result() | Prompt():
                self._raw += event.raw
                self._end(event)

    def _note_chunk(self, chunk: Chunk) -> None:
        self.reply.sizes.append(len(chunk.data))
        if self.sink is None:
            self.reply.chunks.append(chunk.data)
            self._raw += chunk.raw
        else:
            self._raw += chunk.head + chunk.end
            self.sink(chunk.data)

    def _end(self, event: Result | Prompt) -> None:
        if self.prompts and event == Result(b"OK"):
            return  # the prompt is what follows
        self.reply.result = b">" if isinstance(event, Prompt) else event.code
        self.reply.raw = bytes(self._raw)
        self.done = True
