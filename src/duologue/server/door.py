"""Receives a new connection: reads its HTTP requests and sends it where it belongs.

Plain requests are answered here, from the site: one per turn of the event loop,
and only when the answer before has left, so that many at once keep nobody
waiting. An opening handshake in order goes on to the listener, connection and all.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import cast

import h11

from duologue.core.admission import Refusal
from duologue.core.line import Source
from duologue.core.tally import Tally, TurnedAway
from duologue.server.carrier import Linger, Receiver, linger
from duologue.server.gate import Gate, Visit
from duologue.server.site import Request, Response, Upgrade, in_words

_MAX_HEAD_BYTES = 16 * 1024

MOST_HEADERS = 100
"""A browser sends about twenty, and each costs time to check."""

_END_OF_HEAD = re.compile(rb"\n\r?\n")

MOST_REQUESTS = 64
"""After so many answers a connection is closed."""

SLOW_READER_S = 30.0
"""How long a client may take to read an answer."""

UNWANTED_S = 1.0
"""How long a connection may take for a request that will be refused anyway."""

Accept = Callable[[asyncio.Transport, Source, Upgrade, bytes], None]
Answer = Callable[[Request, Visit], Response | Upgrade]


@dataclass(slots=True, kw_only=True)
class Hall:
    """What all doors of one listening socket share.

    Attributes:
        accept: Takes over a transport, with where it comes from, its handshake
            and what has arrived after that.
        answer: Decides what a request gets, and whoever sends it.
        gate: What a connection and its requests must pass.
        timeout_s: How long a connection may take for a request.
        tally: Where to count what was answered.
        doors: All that are open; each keeps itself in it.
        lingering: Where connections go that were told that this is all.
        is_draining: Whether each answer is its connection's last, as the server stops.
    """

    accept: Accept
    answer: Answer
    gate: Gate
    timeout_s: float
    tally: Tally = field(default_factory=Tally)
    doors: "set[Door]" = field(default_factory=set)
    lingering: set[Linger] = field(default_factory=set)
    is_draining: bool = False


class Door(Receiver):
    """One connection, from its first byte until it is chat or closed."""

    _next: asyncio.Handle
    """What will happen if the client does nothing."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._gate = hall.gate
        self._timeout_s = hall.timeout_s
        self._counted: Source | None = None  # As whose this connection is counted.
        self._refusal: Refusal | None = None
        self._answers_left = MOST_REQUESTS
        self._is_answer_waiting = False
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        # To be told of every answer that the kernel does not take whole.
        self._transport.set_write_buffer_limits(high=0)
        # A direct peer's source is known now; a proxy's requests have one each.
        self._peer = self._gate.meet(
            transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        )
        self._hall.doors.add(self)
        self._hall.tally.accepted += 1
        if not self._peer.is_proxy:
            self._refusal = self._arrive(self._peer.source)
        if self._refusal is not None:
            self._timeout_s = min(self._timeout_s, UNWANTED_S)
        self._await_request()

    def receive(self, data: bytes) -> None:
        """Read on, until there is a whole request to deal with."""
        self._http.receive_data(data)
        self._read()

    def resume_writing(self) -> None:
        """What did not leave at once has left: an answer, or TLS's own words."""
        if self._is_answer_waiting:
            self._next.cancel()
            self._go_on()

    def eof_received(self) -> None:
        """The client says that it is done; so are we."""

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget the connection."""
        self._leave()

    def abort(self) -> None:
        """Close without another word."""
        self._transport.abort()

    def _arrive(self, source: Source) -> Refusal | None:
        """Be counted, or be refused once there is a request to answer."""
        refusal = self._gate.admission.arrive(source, self._now())
        if refusal is None:
            self._counted = source
        return refusal

    def _refusal_of_chat(self, source: Source) -> Refusal | None:
        """Say why there is no chat now, if there is none."""
        if not self._gate.admission.has_room_for_rooms:
            return Refusal.FULL
        return self._arrive(source) if self._counted is None else None

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def hang_up_if_idle(self) -> None:
        """Close, if all that was asked for is answered."""
        if self._is_idle:
            self._leave()
            linger(self._transport, self._hall.lingering, is_over=True)

    def _await_request(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._timeout_s, self._give_up)

    def _give_up(self) -> None:
        """Close a connection on which no request came in time."""
        if self._answers_left == MOST_REQUESTS:
            self._drop(TurnedAway.NO_REQUEST)
        else:
            self.abort()

    def _drop(self, reason: TurnedAway) -> None:
        self._hall.tally.turned_away[reason] += 1
        self.abort()

    def _read(self) -> None:
        if self._is_head_too_long():
            self._reply(in_words(431), is_last=True)
            return
        try:
            event = self._http.next_event()
        except h11.RemoteProtocolError as error:
            self._reply(in_words(error.error_status_hint), is_last=True)
        else:
            if isinstance(event, h11.Request):
                self._deal_with(event)

    def _is_head_too_long(self) -> bool:
        """Say whether the next request is too much to look at closely.

        h11 itself measures only what is unfinished, and one read may bring a head whole.
        """
        waiting, _ = self._http.trailing_data
        end = _END_OF_HEAD.search(waiting)
        size = end.start() if end else len(waiting)
        return size > _MAX_HEAD_BYTES or waiting.count(b"\n", 0, size) > MOST_HEADERS

    def _deal_with(self, request: h11.Request) -> None:
        visit = self._gate.visit(self._peer, request.headers)
        asked = Request(request.method, request.target, request.http_version, request.headers)
        outcome = self._gate.judge(self._hall.answer(asked, visit), visit)
        has_body = _has_body(request)
        if not has_body:
            self._http.next_event()  # The end of the message.
        if isinstance(outcome, Upgrade) and self._refusal is None:
            self._refusal = self._refusal_of_chat(visit.source)
        if self._refusal is not None:
            self._refuse(self._refusal, visit.source)
        elif isinstance(outcome, Upgrade):
            self._hand_over(visit.source, outcome)
        else:
            self._answers_left -= 1
            self._reply(
                outcome if request.method != b"HEAD" else outcome.without_body(),
                is_last=has_body or self._answers_left == 0 or self._hall.is_draining,
            )

    def _refuse(self, refusal: Refusal, source: Source) -> None:
        """Say when to come again (RFC 6585 section 4, RFC 9110 section 15.6.4)."""
        self._hall.tally.turned_away[refusal.value] += 1
        wait_s = self._gate.admission.wait_s(refusal, source, self._now())
        status, words = _REFUSALS[refusal]
        self._reply(in_words(status, words, ("Retry-After", str(wait_s))), is_last=True)

    def _hand_over(self, source: Source, upgrade: Upgrade) -> None:
        self._hall.tally.count_answer(101)
        leftover, _ = self._http.trailing_data
        self._counted = None  # From here on the listener sees to it.
        self._leave()
        self._transport.set_write_buffer_limits()
        self._hall.accept(self._transport, source, upgrade, leftover)

    def _reply(self, response: Response, *, is_last: bool) -> None:
        self._hall.tally.count_answer(response.status)
        head = _head(response.status, response.headers, is_last)
        events = (head, h11.Data(data=response.body), h11.EndOfMessage())
        self._next.cancel()
        self._transport.write(b"".join(self._http.send(event) or b"" for event in events))
        if self._transport.get_write_buffer_size():
            self._is_answer_waiting = True
            self._transport.pause_reading()
            loop = asyncio.get_running_loop()
            self._next = loop.call_later(SLOW_READER_S, self._drop, TurnedAway.NOT_READ)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Turn to the next request, or hang up after the last."""
        self._is_answer_waiting = False
        if self._http.our_state is h11.MUST_CLOSE:
            self._leave()
            is_over = self._http.their_state in (h11.DONE, h11.MUST_CLOSE)
            linger(self._transport, self._hall.lingering, is_over=is_over)
            return
        self._http.start_next_cycle()
        if self._http.trailing_data[0]:
            self._transport.pause_reading()
            self._next = asyncio.get_running_loop().call_soon(self._read_on)
        else:
            self._transport.resume_reading()
            self._await_request()

    def _read_on(self) -> None:
        """Look at what came with the request before."""
        self._await_request()
        self._transport.resume_reading()
        self._read()

    @property
    def _is_idle(self) -> bool:
        """Whether there were requests, all answered, and none has begun since."""
        is_between = self._http.our_state is h11.IDLE and not self._http.trailing_data[0]
        return is_between and self._answers_left < MOST_REQUESTS

    def _leave(self) -> None:
        self._next.cancel()
        self._hall.doors.discard(self)
        if self._counted is not None:
            self._gate.admission.depart(self._counted)
            self._counted = None


_REFUSALS = {
    Refusal.FULL: (503, "This server has as much to do as it can: try again later."),
    Refusal.TOO_MANY_CONNECTIONS: (429, "Your network has too many connections here."),
    Refusal.TOO_MANY_HANDSHAKES: (429, "Your network connects too often: try again later."),
}


# To check a header costs more than all else here, and there are few different ones.
@lru_cache(maxsize=512)
def _head(status: int, fields: tuple[tuple[str, str], ...], is_last: bool) -> h11.Response:
    return h11.Response(
        status_code=status,
        reason=HTTPStatus(status).phrase,
        headers=[*fields, *([("Connection", "close")] if is_last else ())],
    )


def _has_body(request: h11.Request) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0"))
        for name, value in request.headers
    )
