"""Tells the log of connections; the debug log also what each client says.

For that, a narrator stands between a connection and its session; while the log
shows no debug lines, there is none. It tells kinds, never contents.
"""

from collections.abc import Callable

from duologue.core.line import Source
from duologue.core.tally import Tally
from duologue.server.hearing import Session
from duologue.server.log import facts, log
from duologue.server.pseudonym import Pseudonyms
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
        log.debug(
            "connection %d %s",
            self._number,
            what,
            extra=facts(event="input", connection=self._number, input=what),
        )


class Witness:
    """Is there when connections open and end: logs it, counts it, and passes it on.

    Args:
        tally: Where to count how they end.
        pseudonyms: What the log calls the sources that they come from.
        gone: Called once a connection is no more, with its source.
    """

    def __init__(
        self,
        tally: Tally | None = None,
        pseudonyms: Pseudonyms | None = None,
        gone: Callable[[Source], None] = lambda _source: None,
    ) -> None:
        self._tally = tally or Tally()
        self._pseudonyms = pseudonyms or Pseudonyms("none")
        self.gone = gone

    def opened(self, number: int, source: Source) -> None:
        """A connection became chat."""
        _tell_opened(number, self._pseudonyms.name(source))

    def ended(self, number: int, source: Source, code: int, age_s: float) -> None:
        """It did, and its session was told."""
        _tell_ended(number, code, age_s)
        self._tally.count_close(code)
        self.gone(source)


def _tell_opened(number: int, source: str | None) -> None:
    known = facts(
        event="opened", connection=number, **({} if source is None else {"source": source})
    )
    if source is None:
        log.info("connection %d opened", number, extra=known)
    else:
        log.info("connection %d opened from %s", number, source, extra=known)


def _tell_ended(number: int, code: int, age_s: float) -> None:
    log.info(
        "connection %d closed with %d after %.1f s",
        number,
        code,
        age_s,
        extra=facts(event="closed", connection=number, code=int(code), age_s=round(age_s, 3)),
    )
