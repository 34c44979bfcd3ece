"""Receives a new connection: reads its HTTP requests and sends it where it belongs.

Plain requests are answered here, from the site: one per turn of the event loop,
and only when the answer before has left, so that many at once keep nobody
waiting. An opening handshake in order goes on to the listener, connection and all.
"""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import cast

import h11

from duologue.server.carrier import Linger, Receiver, linger
from duologue.server.site import Response, Upgrade, answer, in_words

_MAX_HEAD_BYTES = 16 * 1024

MOST_REQUESTS = 64
"""After so many answers a connection is closed."""

SLOW_READER_S = 30.0
"""How long a client may take to read an answer."""

Accept = Callable[[asyncio.Transport, Upgrade, bytes], None]


class Door(Receiver):
    """One connection, from its first byte until it is chat or closed.

    Args:
        accept: Takes over a transport, with its handshake and what has arrived
            after that.
        doors: The set of all that are open; this one keeps itself in it.
        lingering: Where connections go that were told that this is all.
        timeout_s: How long a connection may take for a request.
    """

    _next: asyncio.Handle
    """What will happen if the client does nothing."""

    def __init__(
        self, accept: Accept, doors: "set[Door]", lingering: set[Linger], timeout_s: float
    ) -> None:
        self._accept = accept
        self._doors = doors
        self._lingering = lingering
        self._timeout_s = timeout_s
        self._answers_left = MOST_REQUESTS
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        # To be told of every answer that the kernel does not take whole.
        self._transport.set_write_buffer_limits(high=0)
        self._doors.add(self)
        self._await_request()

    def receive(self, data: bytes) -> None:
        """Read on, until there is a whole request to deal with."""
        self._http.receive_data(data)
        self._read()

    def resume_writing(self) -> None:
        """An answer that did not leave at once has left."""
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

    def _await_request(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._timeout_s, self.abort)

    def _read(self) -> None:
        try:
            event = self._http.next_event()
        except h11.RemoteProtocolError as error:
            self._reply(in_words(error.error_status_hint), is_last=True)
        else:
            if isinstance(event, h11.Request):
                self._deal_with(event)

    def _deal_with(self, request: h11.Request) -> None:
        outcome = answer(request.method, request.target, request.http_version, request.headers)
        has_body = _has_body(request)
        if not has_body:
            self._http.next_event()  # The end of the message.
        if isinstance(outcome, Upgrade):
            self._hand_over(outcome)
        else:
            self._answers_left -= 1
            self._reply(
                outcome if request.method != b"HEAD" else outcome.without_body(),
                is_last=has_body or self._answers_left == 0,
            )

    def _hand_over(self, upgrade: Upgrade) -> None:
        leftover, _ = self._http.trailing_data
        self._leave()
        self._transport.set_write_buffer_limits()
        self._accept(self._transport, upgrade, leftover)

    def _reply(self, response: Response, *, is_last: bool) -> None:
        head = _head(response.status, response.headers, is_last)
        events = (head, h11.Data(data=response.body), h11.EndOfMessage())
        self._next.cancel()
        self._transport.write(b"".join(self._http.send(event) or b"" for event in events))
        if self._transport.get_write_buffer_size():
            self._transport.pause_reading()
            loop = asyncio.get_running_loop()
            self._next = loop.call_later(SLOW_READER_S, self.abort)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Turn to the next request, or hang up after the last."""
        if self._http.our_state is h11.MUST_CLOSE:
            self._leave()
            linger(self._transport, self._lingering)
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

    def _leave(self) -> None:
        self._next.cancel()
        self._doors.discard(self)


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
