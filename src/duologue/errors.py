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
