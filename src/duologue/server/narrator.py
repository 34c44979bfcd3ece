"""Tells the debug log what each client says and what becomes of it.

It stands between a connection and its session only while the log shows
debug lines; otherwise it costs nothing. It tells kinds, never contents.
"""

from duologue.server.hearing import Session
from duologue.server.log import log
from duologue.wire.messages import Message


class Narrator:
    """Passes each input on to a session and notes that it came."""

    def __init__(self, session: Session, number: int) -> None:
        self._session = session
        self._number = number

    def receive(self, message: Message) -> None:
        """Note the kind of a message."""
        self._note(f"says {message.__struct_config__.tag}")
        self._session.receive(message)

    def receive_binary(self, payload: bytes) -> None:
        """Note a binary message."""
        self._note("sends a binary message")
        self._session.receive_binary(payload)

    def reject(self, where: str) -> None:
        """Note that something was no message; `where` quotes the client, so not that."""
        self._note("says what is no message")
        self._session.reject(where)

    def pong(self) -> None:
        """Note a sign of life."""
        self._note("answers a ping")
        self._session.pong()

    def stall(self, now: float) -> None:
        """Note that the client has stopped reading."""
        self._note("does not read")
        self._session.stall(now)

    def drain(self) -> None:
        """Note that the client reads again."""
        self._note("reads again")
        self._session.drain()

    def lost(self) -> None:
        """Pass on the end; the connection's own line tells of it."""
        self._session.lost()

    def fail(self) -> None:
        """Pass on our fault; its traceback tells of it."""
        self._session.fail()

    def _note(self, what: str) -> None:
        log.debug("connection %d %s", self._number, what)
