"""Turns WebSocket frames into inputs, and messages into frames. Decides nothing.

The only file that imports the WebSocket library. What picows leaves to its
user is done here: fragments, UTF-8, RSV bits, CLOSE, PING and back-pressure.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # only its stubs lack it

from duologue.errors import ProtocolViolation
from duologue.server.carrier import Carrier, Linger, take_over
from duologue.server.hearing import DEAF, Session
from duologue.server.log import MUFFLED, log
from duologue.wire.close import CloseCode, is_valid_from_peer
from duologue.wire.codec import UNDECODABLE, explain
from duologue.wire.fragments import Fragments
from duologue.wire.frames import PING, TEXT_HEADERS, close_frame, pong_frame

_TEXT = picows.WSMsgType.TEXT
_CONTINUATION = picows.WSMsgType.CONTINUATION
_PING = picows.WSMsgType.PING
_PONG = picows.WSMsgType.PONG
_CLOSE = picows.WSMsgType.CLOSE

_HIGH_WATER_BYTES = 64 * 1024
_READ_BUFFER_BYTES = 2048  # What a connection begins with; the library's least.


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


class Listener:
    """Serves WebSocket connections.

    Args:
        encode: Makes the UTF-8 text of a message.
        max_message_bytes: Longest message that may arrive.
        settle: Says what the core leaves to the end of a batch, before each flush.
    """

    def __init__(
        self,
        *,
        encode: Callable[[Any], bytes],
        max_message_bytes: int,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        self.encode = encode
        self._settle = settle
        self.max_message_bytes = max_message_bytes
        self.marked: list[Connection] = []
        self.lingering: set[Linger] = set()
        self.frames_sent = 0
        self.is_closed = False
        self.is_flush_due = False
        self.numbers = itertools.count(1)
        self.loop = asyncio.get_running_loop()

    def accept(
        self, transport: asyncio.Transport, key: bytes, dialect: Dialect, leftover: bytes
    ) -> None:
        """Take a connection over whose opening handshake is in order.

        Args:
            transport: The connection; nothing has been answered on it yet.
            key: The client's Sec-WebSocket-Key.
            dialect: What will be spoken.
            leftover: What has arrived after the handshake's request.
        """
        if self.is_closed:
            transport.abort()
            return
        transport.set_write_buffer_limits(_HIGH_WATER_BYTES)
        carrier = Carrier(transport, self.lingering)
        connection = Connection(self, carrier, dialect)
        answer = _answer(connection, dialect.subprotocol)
        protocol = WSProtocol(
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
            self.max_message_bytes,
            None,  # extra_headers: for clients
            _READ_BUFFER_BYTES,
        )
        protocol.connection_made(carrier)
        take_over(transport, protocol)
        # The library checks the handshake again and answers it. It is shown a
        # request without the headers that it would keep for the connection's life.
        _feed(protocol, _BARE_REQUEST % key + leftover)
        self.flush()

    def flush(self) -> None:
        """Carry out what was left to be done: one write a connection.

        It runs when the event loop has read from everyone who had something to
        say: so what a peer is told by its partner leaves together with what it
        is told by us.
        """
        self.is_flush_due = False
        self._settle()
        while self.marked:
            connection = self.marked.pop()
            frames = connection.outgoing
            try:  # noqa: SIM105 - contextlib.suppress would cost more than all the rest
                connection.write(b"".join(frames))
            except RuntimeError:
                pass  # The transport is lost; we are about to be told.
            self.frames_sent += len(frames)
            frames.clear()
            if connection.is_closing:
                connection.hang_up()


class Connection(picows.WSListener):
    """One WebSocket connection. To the core it is a `Line`.

    It is open until a CLOSE is framed, the peer's answer or our own (`_close`).
    From then on it hears nothing more: frames go to `_receiver`, which is now
    nobody. With the next flush it hangs up, its session ends (`_end`), and the
    transport lingers without it.
    """

    __slots__ = (
        "_carrier",
        "_decode",
        "_encode",
        "_fragments",
        "_listener",
        "_open_session",
        "_receiver",
        "_session",
        "is_closing",
        "is_held",
        "is_stalled",
        "number",
        "outgoing",
        "write",
    )

    _session: Session
    _receiver: Session  # The session, until a CLOSE is on its way: then nobody.

    def __init__(self, listener: Listener, carrier: Carrier, dialect: Dialect) -> None:
        self._listener = listener
        self._carrier = carrier
        carrier.owner = self
        self.write = carrier.transport.write
        self._decode = dialect.decode
        self._open_session = dialect.open_session
        self._encode = listener.encode
        self._fragments: Fragments | None = None
        self.is_closing = False
        self.outgoing: list[bytes] = []
        self.is_held = False
        self.is_stalled = False
        self.number = next(listener.numbers)

    # What picows calls

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        """Begin the session."""
        transport.request.headers.clear()
        transport.response.headers.clear()
        self._session = self._receiver = self._open_session(self)
        log.info("connection %d opened", self.number)

    def on_ws_frame(self, _transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """Make an input of a frame; see to it that the answers leave soon."""
        try:
            if (
                frame.msg_type is _TEXT
                and frame.fin
                and self._fragments is None
                and not (frame.rsv1 or frame.rsv2 or frame.rsv3)
            ):
                self._receiver.receive(self._decode(frame.get_payload_as_utf8_text()))
            else:
                self._on_rarer_frame(frame)
        except UNDECODABLE as error:
            self._receiver.reject(explain(error))
        except UnicodeDecodeError:
            self._close(CloseCode.NOT_UTF8)
        except ProtocolViolation as violation:
            self._close(violation.close_code)
        except Exception:
            log.exception("an input failed; its room is closed")
            self._receiver.fail()
        listener = self._listener
        if not listener.is_flush_due:
            listener.is_flush_due = True
            listener.loop.call_soon(listener.flush)

    def pause_writing(self) -> None:
        """The peer has let too much pile up."""
        self.is_stalled = True
        self._session.stall(self._listener.loop.time())

    def resume_writing(self) -> None:
        """The peer has caught up."""
        self.is_stalled = False
        self._session.drain()
        self._listener.flush()

    def on_ws_disconnected(self, _transport: picows.WSTransport) -> None:
        """End the session of a peer that vanished."""
        self.on_closing()

    # What the carrier calls

    def on_violation(self, code: int) -> None:
        """Close, once the frames before the one that is wrong have been dealt with."""
        if not self.is_closing:
            self._carrier.transport.pause_reading()  # What comes after it would be misread.
            self._listener.loop.call_soon(self._refuse, code)

    def on_closing(self) -> None:
        """End the session of a peer that broke the protocol, or is gone."""
        self._end()
        self._listener.flush()

    # What the core calls

    def send(self, message: Any) -> None:
        """Frame a message for the next flush."""
        if not self.is_closing:
            if not self.outgoing:
                self._listener.marked.append(self)
            payload = self._encode(message)
            self.outgoing.append(TEXT_HEADERS[len(payload)] + payload)

    def ping(self) -> None:
        """Frame a PING for the next flush."""
        self.send_frame(PING)

    def hold(self, is_held: bool) -> None:
        """Suspend reading, or resume it."""
        transport = self._carrier.transport
        if is_held is not self.is_held and not self.is_closing and not transport.is_closing():
            self.is_held = is_held
            if is_held:
                transport.pause_reading()
            else:
                transport.resume_reading()

    def close(self, code: CloseCode) -> None:
        """Frame a CLOSE, the last to leave."""
        transport = self._carrier.transport
        if code is CloseCode.REPLACED and self.is_stalled and not self.is_closing:
            # Nobody reads it, and there is a newer connection that hears it all again.
            self._listener.loop.call_soon(transport.abort)
        self._close(code)

    # The rest

    def send_frame(self, frame: bytes) -> None:
        """Leave a frame for the next flush; in vain after a CLOSE."""
        if not self.is_closing:
            if not self.outgoing:
                self._listener.marked.append(self)
            self.outgoing.append(frame)

    def hang_up(self) -> None:
        """Let the peer read its last words, and the session go."""
        self._carrier.hang_up()
        self._end()

    def _end(self) -> None:
        """Let the session go, once."""
        if self._session is not DEAF:
            log.info("connection %d closed", self.number)
            self.is_closing = True
            self.outgoing.clear()
            session, self._session, self._receiver = self._session, DEAF, DEAF
            session.lost()

    def _close(self, code: int | None) -> None:
        self.send_frame(close_frame(code))
        self.is_closing = True
        self._receiver = DEAF

    def _refuse(self, code: int) -> None:
        self._close(code)
        self._listener.flush()

    def _on_rarer_frame(self, frame: picows.WSFrame) -> None:
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            raise ProtocolViolation(CloseCode.PROTOCOL_ERROR)  # No extension was agreed on.
        kind = frame.msg_type
        if kind is _PING:
            self.send_frame(pong_frame(frame.get_payload_as_bytes()))
        elif kind is _PONG:
            self._receiver.pong()
        elif kind is _CLOSE:
            self._on_close(frame)
        else:
            self._on_fragment(frame)

    def _on_close(self, frame: picows.WSFrame) -> None:
        """Answer a goodbye with the same code (RFC 6455 section 5.5.1)."""
        payload = frame.get_payload_as_bytes()
        if not payload:
            self._close(None)
            return
        code = int.from_bytes(payload[:2], "big")
        if len(payload) == 1 or not is_valid_from_peer(code):
            raise ProtocolViolation(CloseCode.PROTOCOL_ERROR)
        self._close(code)

    def _on_fragment(self, frame: picows.WSFrame) -> None:
        """Take a frame of a message that comes in several, or of a binary one."""
        is_continued = frame.msg_type is _CONTINUATION
        if is_continued is (self._fragments is None):
            raise ProtocolViolation(CloseCode.PROTOCOL_ERROR)
        if self._fragments is None:
            self._fragments = Fragments(
                is_text=frame.msg_type is _TEXT,
                limit_bytes=self._listener.max_message_bytes,
            )
        self._fragments.add(frame.get_payload_as_bytes(), is_last=bool(frame.fin))
        if frame.fin:
            message, self._fragments = self._fragments.whole(), None
            if isinstance(message, str):
                self._receiver.receive(self._decode(message))
            else:
                self._receiver.receive_binary(message)


_BARE_REQUEST = (
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n"
)


def _answer(
    connection: Connection, subprotocol: str | None
) -> Connection | picows.WSUpgradeResponseWithListener:
    """Tell the library what to answer to the handshake, beside the usual."""
    if subprotocol is None:
        return connection
    agreed = {"Sec-WebSocket-Protocol": subprotocol}
    response = picows.WSUpgradeResponse.create_101_response(agreed)
    return picows.WSUpgradeResponseWithListener(response, connection)


def _feed(protocol: WSProtocol, data: bytes) -> None:
    """Hand bytes to a buffered protocol as a transport would."""
    while data and not protocol.transport.is_close_frame_sent:
        with protocol.get_buffer(len(data)) as buffer:
            count = min(len(buffer), len(data))
            buffer[:count] = data[:count]
        protocol.buffer_updated(count)
        data = data[count:]
