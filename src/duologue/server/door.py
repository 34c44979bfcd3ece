"""Receives a new connection: reads its HTTP request and sends it where it belongs.

A plain request is answered here, from the site, and is the connection's last:
many at once would keep everyone else waiting. An opening handshake that is in
order goes on to the listener, connection and all.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import h11

from duologue.server.carrier import Linger, Receiver, linger
from duologue.server.site import Response, Upgrade, answer

_MAX_HEAD_BYTES = 16 * 1024

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

    def __init__(
        self, accept: Accept, doors: "set[Door]", lingering: set[Linger], timeout_s: float
    ) -> None:
        self._accept = accept
        self._doors = doors
        self._lingering = lingering
        self._timeout_s = timeout_s
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        self._doors.add(self)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._timeout_s, self.abort)

    def receive(self, data: bytes) -> None:
        """Read on, until there is a whole request to deal with."""
        try:
            self._http.receive_data(data)
            event = self._http.next_event()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint)
        else:
            if isinstance(event, h11.Request):
                self._deal_with(event)

    def eof_received(self) -> None:
        """The client says that it is done; so are we."""

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget the connection."""
        self._leave()

    def abort(self) -> None:
        """Close without another word."""
        self._transport.abort()

    def _deal_with(self, request: h11.Request) -> None:
        outcome = answer(request.method, request.target, request.http_version, request.headers)
        if isinstance(outcome, Upgrade):
            leftover, _ = self._http.trailing_data
            self._leave()
            self._accept(self._transport, outcome, leftover)
        else:
            self._reply(outcome, with_body=request.method != b"HEAD")

    def _refuse(self, status: int) -> None:
        """Answer what is not HTTP, as far as that can be answered."""
        self._reply(Response(status, f"{HTTPStatus(status).phrase}.\n"))

    def _reply(self, response: Response, *, with_body: bool = True) -> None:
        """Answer, and hang up."""
        body = response.body.encode()
        head = h11.Response(
            status_code=response.status,
            reason=HTTPStatus(response.status).phrase,
            headers=[
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
                *response.headers,
            ],
        )
        for event in (head, h11.Data(data=body if with_body else b""), h11.EndOfMessage()):
            self._transport.write(self._http.send(event) or b"")
        self._leave()
        linger(self._transport, self._lingering)

    def _leave(self) -> None:
        self._timer.cancel()
        self._doors.discard(self)
