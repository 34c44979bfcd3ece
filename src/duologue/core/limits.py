"""How much one client may ask of the server. A limit is a number, not a policy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds that the core keeps."""

    max_name_chars: int = 64
    """Longest username, in characters, once trimmed."""

    max_content_bytes: int = 16 * 1024
    """Longest content of a chat, in bytes of UTF-8."""

    stall_timeout_s: float = 30.0
    """How long a client may go without reading while there is something to read."""

    heartbeat_s: float = 25.0
    """How often each client is pinged; v1 clients are told."""

    ticket_life_s: float = 86400.0
    """How long someone may be away and come back to the same seat."""

    @property
    def safe_content_chars(self) -> int:
        """Length up to which a content is short enough: no character takes over 4 bytes."""
        return self.max_content_bytes // 4

    def allows_content(self, content: str) -> bool:
        """Say whether a chat may be this long."""
        return len(content.encode()) <= self.max_content_bytes
