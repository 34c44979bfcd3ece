"""The whole exception tree, on one screen. Everybody may import it.

A peer's mistake inside the core is answered, not raised; what stands here is
either a caller's misuse or a peer's mistake on its way to its answer.
"""


class DuologueError(Exception):
    """The base of every exception that Duologue raises on purpose."""


class SettingsError(DuologueError):
    """A setting has a value that cannot be used; the text says which and why."""


class ListenError(DuologueError):
    """The server cannot listen on the address it was given."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"cannot listen on {address}: {reason}")
        self.address = address
        self.reason = reason


class ProtocolViolation(DuologueError):
    """A peer broke the WebSocket protocol itself; only a close can answer.

    Attributes:
        close_code: The WebSocket close code to end the connection with.
    """

    def __init__(self, close_code: int) -> None:
        super().__init__(close_code)
        self.close_code = close_code


class ConversationError(DuologueError):
    """A program asked a conversation for what it cannot do now."""


class InvalidUsername(ConversationError):
    """Nothing of the name is left once it is trimmed."""


class AlreadyInRoom(ConversationError):
    """Leave the room first, or wait for the answer to what was asked."""


class NotInRoom(ConversationError):
    """Create or join a room first."""


class NoPartner(ConversationError):
    """Nobody has joined yet, or the partner has left."""


class EmptyMessage(ConversationError):
    """A message has to say something."""


class MessageTooLong(ConversationError):
    """A message is longer than the server takes; both sizes are bytes of UTF-8."""

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(f"{size_bytes} bytes are more than {limit_bytes}")
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes


class ConversationEnded(ConversationError):
    """There will be no other connection."""


class AddressError(DuologueError):
    """What should say where the server is cannot be used; the text says why."""


class OutboxError(DuologueError):
    """The file that keeps a conversation is in use, damaged, or cannot be written."""


class ConnectError(DuologueError):
    """The server cannot be reached.

    Attributes:
        url: Where it should be.
        reason: Why, in words.
        retry_after_s: When it wants to be asked again; None if it has not said.
    """

    def __init__(self, url: str, reason: str, retry_after_s: int | None = None) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.retry_after_s = retry_after_s


class Rejected(ConnectError):
    """The server will have nothing to do with this client, now or later."""


class SubprotocolRefused(Rejected):
    """What answers there does not speak `duologue.v1`."""


class RequestRefused(DuologueError):
    """The server does not do what it was asked for; `code` tells why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RoomNotFound(RequestRefused):
    """No room has this code."""


class RoomFull(RequestRefused):
    """Two people are in that room already."""


class SlowDown(RequestRefused):
    """Too much was asked for: too many wrong codes, or rooms. Later it may be done."""

    def __init__(self, code: str, message: str, retry_after_s: int) -> None:
        super().__init__(code, message)
        self.retry_after_s = retry_after_s


class NotDelivered(DuologueError):
    """A message will not reach the partner's program; `reason` is a `Failure`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotRead(DuologueError):
    """The partner has the message, but has left without a word of having seen it."""


class EventsInUse(ConversationError):
    """Somebody else waits for the next event."""


class LoadError(DuologueError):
    """A load cannot be put on a server, or what came back is not right; one line tells why."""
