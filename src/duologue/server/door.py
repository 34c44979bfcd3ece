"""Receives a new connection: reads its HTTP request and sends it where it belongs.

Plain requests are answered here, from the site. An opening handshake that is
in order goes on to the listener, connection and all.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import h11

from duologue.server.carrier import Linger, Receiver
from duologue.server.site import Response, Upgrade, answer

_MAX_HEAD_BYTES = 16 * 1024

Accept = Callable[[asyncio.Transport, bytes, bytes], None]


class Door(Receiver):
    """One connection, from its first byte until it is chat or closed.

    Args:
        accept: Takes over a transport, with the handshake's key and what has
            arrived after it.
        doors: The set of all that are open; this one keeps itself in it.
        lingering: Where connections go that were told that this is all.
        timeout_s: How long a connection may take for a request.
    """

    def __init__(
        self, accept: Accept, doors: "set[Door]", lingering: set[Linger], timeout_s: float
    ) -> None:
        self._accept = accept
        self._doors = doors
        self._lingering = lingering
        self._timeout_s = timeout_s
        self._timer: asyncio.TimerHandle | None = None
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        self._doors.add(self)
        self._restart_timer()

    def receive(self, data: bytes) -> None:
        """Read on; answer each request as soon as it is complete."""
        try:
            self._http.receive_data(data)
            self._answer_requests()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint)

    def pause_writing(self) -> None:
        """Take no more requests from a client that does not read the answers."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._transport.resume_reading()

    def eof_received(self) -> None:
        """The client says that it is done; so are we."""

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget the connection."""
        self._leave()

    def abort(self) -> None:
        """Close without another word."""
        self._transport.abort()

    def _answer_requests(self) -> None:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                outcome = answer(event.method, event.target, event.headers)
                if isinstance(outcome, Upgrade):
                    self._hand_over(outcome)
                    return
                self._send(outcome, with_body=event.method != b"HEAD")
            elif event is h11.PAUSED or isinstance(event, h11.EndOfMessage):
                if not self._begin_next():
                    return
            elif event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                return

    def _begin_next(self) -> bool:
        """Make ready for another request on the connection, if there may be one."""
        if self._http.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
            self._http.start_next_cycle()
            self._restart_timer()
            return True
        self._hang_up()
        return False

    def _hand_over(self, upgrade: Upgrade) -> None:
        leftover, _ = self._http.trailing_data
        self._leave()
        self._accept(self._transport, upgrade.key, leftover)

    def _send(self, response: Response, *, with_body: bool = True) -> None:
        body = response.body.encode()
        head = h11.Response(
            status_code=response.status,
            reason=HTTPStatus(response.status).phrase,
            headers=[
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                *response.headers,
            ],
        )
        self._write(head)
        self._write(h11.Data(data=body if with_body else b""))
        self._write(h11.EndOfMessage())

    def _write(self, event: h11.Event) -> None:
        self._transport.write(self._http.send(event) or b"")

    def _refuse(self, status: int) -> None:
        """Answer what is not HTTP, as far as that can be answered."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            phrase = HTTPStatus(status).phrase
            self._send(Response(status, f"{phrase}.\n", (("Connection", "close"),)))
        self._hang_up()

    def _hang_up(self) -> None:
        self._leave()
        Linger(self._transport, self._lingering)

    def _restart_timer(self) -> None:
        self._cancel_timer()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._timeout_s, self.abort)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _leave(self) -> None:
        self._cancel_timer()
        self._doors.discard(self)
