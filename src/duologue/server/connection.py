"""One WebSocket connection: turns its frames into inputs, and messages into frames.

What the WebSocket library leaves to its user is done here: fragments, UTF-8,
RSV bits, CLOSE, PING, back-pressure, and how much a peer may send in a second.
It decides nothing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from duologue.core.line import Source
from duologue.core.tally import NO_CODE, VANISHED
from duologue.errors import ProtocolViolation
from duologue.server import websocket
from duologue.server.carrier import NOBODY, Carrier
from duologue.server.hearing import DEAF, Dialect, Session
from duologue.server.log import log
from duologue.wire.close import CloseCode, code_from_peer
from duologue.wire.codec import UNDECODABLE, explain
from duologue.wire.fragments import Fragments
from duologue.wire.frames import PING, TEXT_HEADERS, close_frame, pong_frame

if TYPE_CHECKING:
    from duologue.server.listener import Listener

_TEXT = websocket.TEXT  # The hot path does without looking it up.
_MANY_FRAMES = 64  # So many in one read, of one connection, keep nobody waiting.
_HEADER_BYTES = 8  # Of a masked frame, about.
_MUCH_BYTES = _MANY_FRAMES * _HEADER_BYTES  # Less can't be more: mostly that settles it.


class Connection(websocket.Hearer):
    """One WebSocket connection. To the core it is a `Line`.

    It is open until a CLOSE is framed, the peer's answer or our own (`_close`).
    From then on it hears nothing more: frames go to `_receiver`, which is now
    nobody. With the next flush it hangs up, its session ends (`_end`), and the
    transport lingers without it.
    """

    __slots__ = (
        "_bytes_left",
        "_carrier",
        "_counted_at",
        "_decode",
        "_encode",
        "_ended_with",
        "_fragments",
        "_is_held_by_core",
        "_is_resting",
        "_is_waiting",
        "_listener",
        "_messages_left",
        "_open_session",
        "_opened_at",
        "_receiver",
        "_session",
        "is_closing",
        "is_held",
        "is_stalled",
        "number",
        "outgoing",
        "source",
        "write",
    )

    _session: Session
    _receiver: Session  # The session, until a CLOSE is on its way: then nobody.

    def __init__(
        self, listener: Listener, carrier: Carrier, source: Source, dialect: Dialect
    ) -> None:
        self._listener = listener
        self._carrier = carrier
        carrier.owner = self
        self.write = carrier.transport.write
        self._decode = dialect.decode
        self._open_session = dialect.open_session
        self._encode = listener.encode
        self._fragments: Fragments | None = None
        self._ended_with = VANISHED
        self.source = source
        self.is_closing = False
        self.outgoing: list[bytes] = []
        self.is_held = self._is_held_by_core = self._is_resting = self._is_waiting = False
        self.is_stalled = False
        self._messages_left = listener.messages.burst
        self._bytes_left = listener.bytes.burst
        self._counted_at = self._opened_at = listener.loop.time()
        self.number = next(listener.numbers)

    # What picows calls

    def on_ws_connected(self, transport: websocket.Transport) -> None:
        """Begin the session."""
        transport.request.headers.clear()
        transport.response.headers.clear()
        self._session = self._receiver = self._open_session(self)
        self._listener.witness.opened(self.number, self.source)

    def on_ws_frame(self, _transport: websocket.Transport, frame: websocket.Frame) -> None:
        """Make an input of a frame; see to it that the answers leave soon."""
        listener = self._listener
        if not listener.is_flush_due:
            listener.is_flush_due = True
            listener.traffic.began_at = time.perf_counter()
            listener.loop.call_soon(listener.flush)
        size = frame.payload_size
        self._messages_left -= 1
        self._bytes_left -= size
        if self._messages_left < 0 or self._bytes_left < 0:
            self._look_at_the_clock()
        try:
            if (
                frame.msg_type is _TEXT
                and frame.fin
                and self._fragments is None
                and not (frame.rsv1 or frame.rsv2 or frame.rsv3)
            ):
                traffic = listener.traffic
                traffic.messages_received += 1
                traffic.bytes_received += size
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
        left = frame.tail_size  # Of what one read has brought.
        if left > _MUCH_BYTES and left > _MANY_FRAMES * (size + _HEADER_BYTES):
            self.on_more()

    def pause_writing(self) -> None:
        """The peer has let too much pile up."""
        self.is_stalled = True
        self._session.stall(self._listener.loop.time())

    def resume_writing(self) -> None:
        """The peer has caught up."""
        self.is_stalled = False
        self._session.drain()
        self._listener.flush()

    def on_ws_disconnected(self, _transport: websocket.Transport) -> None:
        """End the session of a peer that vanished, one of perhaps many at once."""
        if self._session is not DEAF:
            self._listener.departures.wait(self.on_closing)

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

    def on_more(self) -> None:
        """Read no more before others have been read."""
        if not (self._is_waiting or self.is_closing):
            self._is_waiting = True
            self._carrier.sip()
            self._read_or_not()
            self._listener.turns.wait(self._have_turn)

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
        self._is_held_by_core = is_held
        self._read_or_not()

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

    def _have_turn(self) -> None:
        """Read again, now that others have been read."""
        self._is_waiting = False
        self._read_or_not()

    def _look_at_the_clock(self) -> None:
        """See what the peer may send by now; let it rest if it has sent too much."""
        listener = self._listener
        now = listener.loop.time()
        elapsed_s, self._counted_at = now - self._counted_at, now
        self._messages_left = listener.messages.after(self._messages_left, elapsed_s)
        self._bytes_left = listener.bytes.after(self._bytes_left, elapsed_s)
        is_too_much = self._messages_left < 0 or self._bytes_left < 0
        if is_too_much and not self._is_resting:
            self._is_resting = True
            self._read_or_not()
            listener.loop.call_soon(self._rest)  # Some more has been read already.

    def _rest(self) -> None:
        """Read nothing until time has made up for what was too much."""
        listener = self._listener
        pause_s = max(
            listener.messages.pause_s(self._messages_left),
            listener.bytes.pause_s(self._bytes_left),
        )
        listener.loop.call_later(pause_s, self._has_rested)

    def _has_rested(self) -> None:
        self._is_resting = False
        self.on_more()  # Those who began together have rested together.

    def _read_or_not(self) -> None:
        """Read on if nothing speaks against it."""
        transport = self._carrier.transport
        is_held = self._is_held_by_core or self._is_resting or self._is_waiting
        if is_held is not self.is_held and not self.is_closing and not transport.is_closing():
            self.is_held = is_held
            if is_held:
                transport.pause_reading()
            else:
                transport.resume_reading()

    def _end(self) -> None:
        """Let the session go, once."""
        if self._session is not DEAF:
            self.is_closing = True
            self.outgoing.clear()
            self._carrier.owner = NOBODY  # Or it would take a garbage collector to free both.
            session, self._session, self._receiver = self._session, DEAF, DEAF
            session.lost()
            listener = self._listener
            age_s = listener.loop.time() - self._opened_at
            listener.witness.ended(self.number, self.source, self._ended_with, age_s)

    def _close(self, code: int | None) -> None:
        if not self.is_closing:
            self.send_frame(close_frame(code))
            self.is_closing = True
            self._ended_with = NO_CODE if code is None else code
        self._receiver = DEAF

    def _refuse(self, code: int) -> None:
        self._close(code)
        self._listener.flush()

    def _on_rarer_frame(self, frame: websocket.Frame) -> None:
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            raise ProtocolViolation(CloseCode.PROTOCOL_ERROR)  # No extension was agreed on.
        kind = frame.msg_type
        if kind is websocket.PING:
            self.send_frame(pong_frame(frame.get_payload_as_bytes()))
        elif kind is websocket.PONG:
            self._receiver.pong()
        elif kind is websocket.CLOSE:
            self._carrier.is_over = True
            # A goodbye is answered with the same code (RFC 6455 section 5.5.1).
            self._close(code_from_peer(frame.get_payload_as_bytes()))
        else:
            self._on_fragment(frame)

    def _on_fragment(self, frame: websocket.Frame) -> None:
        """Take a frame of a message that comes in several, or of a binary one."""
        is_continued = frame.msg_type is websocket.CONTINUATION
        if is_continued is (self._fragments is None):
            raise ProtocolViolation(CloseCode.PROTOCOL_ERROR)
        if self._fragments is None:
            self._fragments = Fragments(
                is_text=frame.msg_type is websocket.TEXT,
                limit_bytes=self._listener.max_message_bytes,
            )
        traffic = self._listener.traffic
        traffic.bytes_received += frame.payload_size
        traffic.messages_received += frame.fin
        self._fragments.add(frame.get_payload_as_bytes(), is_last=bool(frame.fin))
        if frame.fin:
            message, self._fragments = self._fragments.whole(), None
            if isinstance(message, str):
                self._receiver.receive(self._decode(message))
            else:
                self._receiver.receive_binary(message)
