"""What the core knows of a connection: a line that carries messages to a peer."""

from typing import NewType, Protocol

from duologue.wire.close import CloseCode
from duologue.wire.messages import Message

Source = NewType("Source", str)
"""Where a peer is, as limits count it: an address, or a network of them."""


class Line(Protocol):
    """Carries messages to one peer; the server's listener implements it.

    No call does any I/O before the present input has been dealt with, so none
    can fail or cause another input.
    """

    source: Source
    """Where the peer is."""

    is_held: bool
    """Whether reading from the peer is suspended."""

    is_stalled: bool
    """Whether the peer has stopped reading what is sent to it."""

    def send(self, message: Message) -> None:
        """Say something: in order, and in vain once `close` was called."""

    def ping(self) -> None:
        """Ask for a sign of life."""

    def hold(self, is_held: bool) -> None:
        """Suspend reading from the peer, or resume it."""

    def close(self, code: CloseCode) -> None:
        """End the connection after all that was said. Nothing more comes from it."""


class _Nobody:
    """The line of a free seat: whatever is said to nobody is gone."""

    source = Source("")
    is_held = False
    is_stalled = False

    def send(self, message: Message) -> None: ...

    def ping(self) -> None: ...

    def hold(self, is_held: bool) -> None: ...

    def close(self, code: CloseCode) -> None: ...


NOBODY: Line = _Nobody()
