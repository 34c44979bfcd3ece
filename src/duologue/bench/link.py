"""One client's connection while it is set up: blocking, with a timeout, one step at a time.

Once everybody is seated, traffic.py takes the sockets over and no longer blocks.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct

from duologue.bench.dialects import Dialect, Fields, Message
from duologue.bench.frames import Frame, FrameError, masked, split
from duologue.bench.target import Target
from duologue.errors import LoadError
from duologue.wire.close import CloseCode
from duologue.wire.frames import Opcode

TIMEOUT_S = 15.0
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""For SO_LINGER: a close is a reset, and leaves no port in TIME_WAIT."""

# Linux hands out about 28,000 ports for a pair of addresses; a new source opens more.
_LINKS_PER_SOURCE = 20_000
_IP_BIND_ADDRESS_NO_PORT = 24
_HEAD_END = b"\r\n\r\n"
_ANSWER_BEGINS = b"HTTP/"

_OFF = {
    "429": "--connections-per-source off --handshakes-per-source-s off",
    "503": "--max-connections off --max-rooms off",
    "slow_down": "--rooms-per-source off --max-rooms off",
    str(int(CloseCode.RATE_LIMITED)): "--errors-per-s off",
}
"""What lifts the limits of a server of ours, by the HTTP status or the code that tells."""


class Link:
    """A WebSocket connection that says and hears whole messages."""

    def __init__(self, target: Target, dialect: Dialect, number: int) -> None:
        """Connect and ask for the upgrade, without waiting for the answer.

        Args:
            target: where the server listens.
            dialect: what it speaks.
            number: how many links there are already; picks the source address.
        """
        self.dialect = dialect
        self.buffer = b""
        self._waiting: list[Frame] = []
        self.socket = _dial(target, number)
        self.fd = self.socket.fileno()
        self._send(upgrade_request(target, dialect))

    def upgraded(self) -> None:
        """Wait until the server has answered 101."""
        while _HEAD_END not in self.buffer:
            self.buffer += self._received()
            check_begin(self.buffer)
        head, self.buffer = self.buffer.split(_HEAD_END, 1)
        check_upgrade(head, self.dialect)

    def say(self, type_: str, **fields: object) -> None:
        """Send one message."""
        self.say_text(self.dialect.encode(type_, fields))

    def say_text(self, text: str) -> None:
        """Send one text as it is."""
        self._send(masked(text.encode()))

    def hear(self, type_: str) -> Fields:
        """Wait for a message of this type and return its fields; anything else is an error."""
        message, _ = self.hear_raw()
        if message.type != type_:
            raise LoadError(f"expected {type_!r}, the server said {message}")
        return message.fields

    def hear_raw(self) -> tuple[Message, bytes]:
        """Wait for the next message; return it, and its frame byte for byte."""
        while True:
            frame = self._next_frame()
            if answer := control_answer(frame, self.dialect):
                self._send(answer)
                continue
            try:
                message = self.dialect.decode(frame.payload.decode())
            except ValueError as error:
                raise LoadError(f"the server said what nobody expected: {error}") from error
            if message.type == "error":
                code = str(message.fields.get("code"))
                raise LoadError(f"the server refuses: {message.fields}{_way_out(code)}")
            if message.type != "ticket":  # A newer one may come at any time.
                return message, frame.raw

    def close(self) -> None:
        """Close at once: a reset leaves no port in TIME_WAIT for the next run to trip over."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.socket.close()

    def _next_frame(self) -> Frame:
        while not self._waiting:
            try:
                self._waiting, self.buffer = split(self.buffer)
            except FrameError as error:
                raise LoadError(f"the server sent {error}") from error
            if not self._waiting:
                self.buffer += self._received()
        return self._waiting.pop(0)

    def _send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise LoadError(f"a connection broke: {error.strerror}") from error

    def _received(self) -> bytes:
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise LoadError(f"the server said nothing for {TIMEOUT_S:.0f} s") from None
        except OSError as error:
            raise LoadError(f"a connection broke: {error.strerror}") from error
        if not data:
            raise LoadError("the server closed a connection")
        return data


def upgrade_request(target: Target, dialect: Dialect) -> bytes:
    """Return what a client says first."""
    # The key is the example of RFC 6455, section 1.3; nothing here depends on its being random.
    asked = f"Sec-WebSocket-Protocol: {dialect.subprotocol}\r\n" if dialect.subprotocol else ""
    return (
        f"GET {target.path} HTTP/1.1\r\nHost: {target.name}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{asked}"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def check_begin(answer: bytes) -> None:
    """Make sure that an answer, as far as it is here, can be one of HTTP."""
    if not answer.startswith(_ANSWER_BEGINS[: len(answer)]):
        raise LoadError(f"what answers there is no web server: {answer[:40]!r}")


def check_upgrade(head: bytes, dialect: Dialect) -> None:
    """Make sure that the server's answer is a 101, and of the dialect that was asked for."""
    status, *lines = head.decode("latin-1").split("\r\n")
    if status.split(" ")[1:2] != ["101"]:
        code = " ".join(status.split(" ")[1:2])
        raise LoadError(f"the server refused the WebSocket: {status[:80]}{_way_out(code)}")
    headers = {
        name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    agreed = headers.get("sec-websocket-protocol")
    if agreed != dialect.subprotocol:
        raise LoadError(
            f"the server speaks {agreed or 'no subprotocol'}, "
            f"not {dialect.subprotocol or 'the reference protocol'}"
        )


def control_answer(frame: Frame, dialect: Dialect) -> bytes | None:
    """Return the answer to a heartbeat, None for any other frame; a CLOSE is an error."""
    if frame.opcode == Opcode.CLOSE:
        raise LoadError(f"the server closed a connection{_reason(frame.payload)}")
    if frame.opcode == Opcode.PING:
        return masked(frame.payload, Opcode.PONG)
    if frame.opcode == Opcode.TEXT and (
        text := dialect.heartbeat_answer(frame.payload.decode())
    ):
        return masked(text.encode())
    return None


def _reason(payload: bytes) -> str:
    if len(payload) < 2:
        return ""
    code = int.from_bytes(payload[:2], "big")
    meaning = f" ({CloseCode(code).name})" if code in set(CloseCode) else ""
    return f" with code {code}{meaning}{_way_out(str(code))}"


def _way_out(code: str) -> str:
    """Say how to start a server that does not refuse this."""
    flags = _OFF.get(code)
    return f" - a limit of the server; start it with {flags}" if flags else ""


def _dial(target: Target, number: int) -> socket.socket:
    sock = socket.socket(target.family, socket.SOCK_STREAM)
    sock.settimeout(TIMEOUT_S)
    try:
        if number >= _LINKS_PER_SOURCE and target.address[0].startswith("127."):
            sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((f"127.0.0.{1 + number // _LINKS_PER_SOURCE}", 0))
        sock.connect(target.address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.context:
            return target.context.wrap_socket(sock, server_hostname=target.host)
    except OSError as error:
        sock.close()
        raise LoadError(f"cannot connect to {target.name}: {why(error)}") from error
    return sock


def why(error: OSError) -> str:
    """Say why there is no connection."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message} (--insecure takes any)"
    if isinstance(error, ssl.SSLError):
        return f"no TLS there: {error.strerror or error}"
    if isinstance(error, TimeoutError):
        return f"no answer for {TIMEOUT_S:.0f} s"
    return error.strerror or str(error)
