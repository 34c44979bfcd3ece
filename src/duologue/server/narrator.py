"""Tells the debug log what each client says and what becomes of it.

It stands between a connection and its session only while the log shows
debug lines; otherwise it costs nothing. It tells kinds, never contents.
"""

from collections.abc import Callable

from duologue.core.session import Session
from duologue.server.log import log
from duologue.wire.messages import ClientMessage


class Narrator:
    """Passes each input on to a session and notes that it came."""

    def __init__(self, session: Session, number: int) -> None:
        self._session = session
        self._log = log.bind(connection=number)

    def receive(self, message: ClientMessage) -> None:
        """Note the kind of a message."""
        self._log.debug("received", type=message.__struct_config__.tag)
        self._session.receive(message)

    def receive_binary(self, payload: bytes) -> None:
        """Note a binary message."""
        self._log.debug("received binary", bytes=len(payload))
        self._session.receive_binary(payload)

    def reject(self, where: str) -> None:
        """Note that something was no message; `where` quotes the client, so not that."""
        self._note("rejected", lambda: self._session.reject(where))

    def pong(self) -> None:
        """Note a sign of life."""
        self._note("pong", self._session.pong)

    def stall(self, now: float) -> None:
        """Note that the client has stopped reading."""
        self._note("stalled", lambda: self._session.stall(now))

    def drain(self) -> None:
        """Note that the client reads again."""
        self._note("drained", self._session.drain)

    def lost(self) -> None:
        """Note the end."""
        self._note("lost", self._session.lost)

    def fail(self) -> None:
        """Note that the session's room is condemned."""
        self._note("failed", self._session.fail)

    def _note(self, event: str, then: Callable[[], None]) -> None:
        self._log.debug(event)
        then()
