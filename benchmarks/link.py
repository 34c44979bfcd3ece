"""One client's connection while it is set up: blocking, with a timeout, one step at a time.

Once everybody is seated, traffic.py takes the sockets over and no longer blocks.
"""

from __future__ import annotations

import contextlib
import socket
import struct

from benchmarks.dialects import Dialect, Fields, Message
from benchmarks.frames import CLOSE, PING, PONG, TEXT, Frame, FrameError, masked, split

TIMEOUT_S = 15.0
# Linux hands out about 28,000 ports for a pair of addresses; a new source opens more.
_LINKS_PER_SOURCE = 20_000
_IP_BIND_ADDRESS_NO_PORT = 24
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class LoadError(Exception):
    """The load can't go on; the text is one line for a person."""


class Link:
    """A WebSocket connection that says and hears whole messages."""

    def __init__(self, address: tuple[str, int], dialect: Dialect, number: int) -> None:
        """Connect and ask for the upgrade, without waiting for the answer.

        Args:
            address: where the server listens.
            dialect: what it speaks.
            number: how many links there are already; picks the source address.
        """
        self.dialect = dialect
        self.buffer = b""
        self._waiting: list[Frame] = []
        self.socket = _dial(address, number)
        self.fd = self.socket.fileno()
        self.socket.sendall(upgrade_request(address, dialect))

    def upgraded(self) -> None:
        """Wait until the server has answered 101."""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self._received()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        check_upgrade(head, self.dialect)

    def say(self, type_: str, **fields: object) -> None:
        """Send one message."""
        self.say_text(self.dialect.encode(type_, fields))

    def say_text(self, text: str) -> None:
        """Send one text as it is."""
        self.socket.sendall(masked(text.encode()))

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
                self.socket.sendall(answer)
                continue
            try:
                return self.dialect.decode(frame.payload.decode()), frame.raw
            except ValueError as error:
                raise LoadError(f"the server said what nobody expected: {error}") from error

    def close(self) -> None:
        """Close at once: a reset leaves no port in TIME_WAIT for the next run to trip over."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
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

    def _received(self) -> bytes:
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise LoadError(f"the server said nothing for {TIMEOUT_S:.0f} s") from None
        except OSError as error:
            raise LoadError(f"the connection broke: {error.strerror}") from error
        if not data:
            raise LoadError("the server closed the connection")
        return data


def upgrade_request(address: tuple[str, int], dialect: Dialect) -> bytes:
    """Return what a client says first."""
    # The key is the example of RFC 6455, section 1.3; nothing here depends on its being random.
    asked = f"Sec-WebSocket-Protocol: {dialect.subprotocol}\r\n" if dialect.subprotocol else ""
    return (
        f"GET {dialect.path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{asked}"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def check_upgrade(head: bytes, dialect: Dialect) -> None:
    """Make sure that the server's answer is a 101, and of the dialect that was asked for."""
    status, *lines = head.decode("latin-1").split("\r\n")
    if status.split(" ")[1:2] != ["101"]:
        raise LoadError(f"the server refused the WebSocket: {status[:80]}")
    headers = {
        name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    if headers.get("sec-websocket-protocol") != dialect.subprotocol:
        raise LoadError(
            f"the server did not agree on {dialect.subprotocol or 'no subprotocol'}"
        )


def control_answer(frame: Frame, dialect: Dialect) -> bytes | None:
    """Return the answer to a heartbeat, None for any other frame; a CLOSE is an error."""
    if frame.opcode == CLOSE:
        code = int.from_bytes(frame.payload[:2], "big")
        raise LoadError(f"the server closed the connection with code {code}")
    if frame.opcode == PING:
        return masked(frame.payload, PONG)
    if frame.opcode == TEXT and (text := dialect.heartbeat_answer(frame.payload.decode())):
        return masked(text.encode())
    return None


def _dial(address: tuple[str, int], number: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(TIMEOUT_S)
    try:
        if number >= _LINKS_PER_SOURCE and address[0].startswith("127."):
            sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((f"127.0.0.{1 + number // _LINKS_PER_SOURCE}", 0))
        sock.connect(address)
    except OSError as error:
        sock.close()
        reason = error.strerror or str(error)
        raise LoadError(f"cannot connect to {address[0]}:{address[1]}: {reason}") from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
