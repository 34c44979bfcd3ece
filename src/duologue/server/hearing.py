"""Whom a connection serves: what it tells of what it hears, and in which dialect.

A session of the core, a narrator before it, a test's echo; or nobody, once the
connection is closing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from duologue.server.connection import Connection


class Session(Protocol):
    """Whom a connection serves: the core's session, or a test's echo."""

    def receive(self, message: Any) -> None:
        """Deal with a decoded text message."""

    def receive_binary(self, payload: bytes) -> None:
        """Deal with a binary message."""

    def reject(self, where: str) -> None:
        """Deal with what is not a message."""

    def pong(self) -> None:
        """Deal with a sign of life."""

    def stall(self, now: float) -> None:
        """The peer has stopped reading."""

    def drain(self) -> None:
        """The peer reads again."""

    def lost(self) -> None:
        """The connection is gone."""

    def fail(self) -> None:
        """An input could not be dealt with, and it is our fault."""


class _Deaf:
    """Whom a connection serves that is closing: nothing it hears counts any more."""

    def receive(self, message: Any) -> None: ...

    def receive_binary(self, payload: bytes) -> None: ...

    def reject(self, where: str) -> None: ...

    def pong(self) -> None: ...

    def stall(self, now: float) -> None: ...

    def drain(self) -> None: ...

    def lost(self) -> None: ...

    def fail(self) -> None: ...


DEAF: Session = _Deaf()


class Dialect(NamedTuple):
    """What two ends of a connection may agree to speak.

    Attributes:
        subprotocol: What the answer to the handshake calls it; None if nothing.
        decode: Makes a message of a text, or raises one of the codec's `UNDECODABLE`.
        open_session: Begins a session on a new connection.
    """

    subprotocol: str | None
    decode: Callable[[str], Any]
    open_session: Callable[[Connection], Session]
