"""The WebSocket library, set up as it is used here. The only file that imports it.

It parses frames and calls back. What it would do beyond that is left off: its
pings, its pongs, its timers, its server.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # only its stubs lack it

from duologue.server.carrier import Carrier, take_over
from duologue.server.log import MUFFLED

Frame = picows.WSFrame
Hearer = picows.WSListener
Transport = picows.WSTransport

TEXT = picows.WSMsgType.TEXT
CONTINUATION = picows.WSMsgType.CONTINUATION
PING = picows.WSMsgType.PING
PONG = picows.WSMsgType.PONG
CLOSE = picows.WSMsgType.CLOSE

_READ_BUFFER_BYTES = 2048  # What a connection begins with; the library's least.


class Handshake(NamedTuple):
    """An opening handshake that is in order and not answered yet.

    Attributes:
        key: The client's Sec-WebSocket-Key.
        subprotocol: What the answer says that will be spoken; None for nothing.
        leftover: What has arrived after the request.
    """

    key: bytes
    subprotocol: str | None
    leftover: bytes


def attach(
    hearer: Hearer, carrier: Carrier, handshake: Handshake, max_message_bytes: int
) -> None:
    """Answer an opening handshake, and let frames go to `hearer` from now on.

    Args:
        hearer: Is called for each frame.
        carrier: The connection.
        handshake: What the client asked for.
        max_message_bytes: Longest message that may arrive.
    """
    protocol = _protocol(_answer(hearer, handshake.subprotocol), max_message_bytes)
    protocol.connection_made(carrier)
    take_over(carrier.transport, protocol)
    # The library checks the handshake again and answers it. It is shown a
    # request without the headers that it would keep for the connection's life.
    _feed(protocol, _BARE_REQUEST % handshake.key + handshake.leftover)


_BARE_REQUEST = (
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n"
)


def _protocol(answer: Any, max_message_bytes: int) -> WSProtocol:
    return WSProtocol(
        None,  # host and port: for clients
        None,  # path: for clients
        False,  # is_client_side
        lambda _request: answer,
        MUFFLED,
        True,  # disconnect_on_exception
        None,  # websocket_handshake_timeout: the handshake is over
        False,  # enable_auto_ping: the lobby's wheel sends the pings
        0,  # auto_ping_idle_timeout
        0,  # auto_ping_reply_timeout
        picows.WSAutoPingStrategy.PING_WHEN_IDLE,
        False,  # enable_auto_pong: pongs leave with the rest of the batch
        max_message_bytes,
        None,  # extra_headers: for clients
        _READ_BUFFER_BYTES,
    )


def _answer(hearer: Hearer, subprotocol: str | None) -> Any:
    """Tell the library what to answer to the handshake, beside the usual."""
    if subprotocol is None:
        return hearer
    agreed = {"Sec-WebSocket-Protocol": subprotocol}
    response = picows.WSUpgradeResponse.create_101_response(agreed)
    return picows.WSUpgradeResponseWithListener(response, hearer)


def _feed(protocol: WSProtocol, data: bytes) -> None:
    """Hand bytes to a buffered protocol as a transport would."""
    while data and not protocol.transport.is_close_frame_sent:
        with protocol.get_buffer(len(data)) as buffer:
            count = min(len(buffer), len(data))
            buffer[:count] = data[:count]
        protocol.buffer_updated(count)
        data = data[count:]
