"""What runs until it is stopped, as a context manager."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import TypeVar

Self = TypeVar("Self", bound="Running")


class Running(ABC):
    """`with Server() as server: ...` starts it, and stops it whatever happens."""

    def start(self) -> None:  # noqa: B027 - most have nothing to wait for
        """Return when it works."""

    @abstractmethod
    def stop(self) -> None:
        """End it."""

    def __enter__(self: Self) -> Self:
        started = False
        try:
            self.start()
            started = True
        finally:
            if not started:
                self.stop()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
