"""Everything that can be set, in one frozen type.

Flags, `DUOLOGUE_*` variables and a TOML file fill it (see `cli`); a program
that embeds the server makes one itself. May import `errors` only.
"""

import ipaddress
import re
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from duologue.errors import SettingsError

LogLevel = Literal["debug", "info", "warning", "error"]
LOG_LEVELS: tuple[LogLevel, ...] = get_args(LogLevel)

_MOST_SECONDS = 300
_MOST_TICKET_LIFE_S = 30 * 24 * 60 * 60
_ADDRESS = re.compile(r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<host>[^:\[\]]+)):(?P<port>\d{1,5})")


class Address(NamedTuple):
    """Where to listen. Port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set about a server. Times are in seconds."""

    address: str = "127.0.0.1:8080"
    """Where to listen: HOST:PORT, IPv6 as [::1]:8080. Port 0 picks a free one."""

    _: KW_ONLY

    log: LogLevel = "info"
    """The least important log lines to show: debug, info, warning or error."""

    max_name_chars: int = 64
    """Longest username, in characters."""

    max_content_bytes: int = 16 * 1024
    """Longest content of a chat, in bytes of UTF-8."""

    handshake_timeout_s: float = 5.0
    """How long a new connection may take for its opening handshake."""

    heartbeat_s: float = 25.0
    """How often each client is pinged; one that is still silent at the next turn is dropped."""

    stall_timeout_s: float = 30.0
    """How long a client may leave unread what it is sent before it is dropped."""

    ticket_life_s: float = 86400.0
    """How long someone may be away and come back to their seat."""

    secret_file: Path | None = None
    """A file with what seals tickets: secrets, one a line, the newest first. Else one is made
    and kept."""

    secret: str = field(default="", repr=False)
    """The same as a text, with spaces or commas between. Never a flag: every user of a
    machine can see the flags of its programs."""

    def __post_init__(self) -> None:
        """Refuse what cannot work, whoever wrote it.

        Raises:
            SettingsError: A value is out of range, or the address is none.
        """
        parse_address(self.address)
        if self.log not in LOG_LEVELS:
            raise SettingsError(f"log: {self.log!r} is none of {', '.join(LOG_LEVELS)}")
        for name, most in (("max_name_chars", 1024), ("max_content_bytes", 1024 * 1024)):
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= most:
                raise SettingsError(f"{name}: must be 1 to {most}, not {value!r}")
        for name in ("handshake_timeout_s", "heartbeat_s", "stall_timeout_s"):
            self._check_seconds(name, _MOST_SECONDS)
        self._check_seconds("ticket_life_s", _MOST_TICKET_LIFE_S)
        if self.ticket_life_s < 4 * self.heartbeat_s:
            raise SettingsError("ticket_life_s: must be at least four times heartbeat_s")

    def _check_seconds(self, name: str, most: int) -> None:
        value = getattr(self, name)
        if type(value) not in (int, float) or not 0 < value <= most:
            raise SettingsError(
                f"{name}: must be more than 0 and at most {most}, not {value!r}"
            )

    @property
    def max_message_bytes(self) -> int:
        """Longest message that can be valid.

        JSON may take six bytes for one of a content, and twelve for a character of a name.
        """
        return 6 * self.max_content_bytes + 12 * self.max_name_chars + 1024


def parse_address(text: str) -> Address:
    """Read HOST:PORT.

    Raises:
        SettingsError: It is not of that form, or the port is over 65535.
    """
    match = _ADDRESS.fullmatch(str(text))
    if match is None or int(match["port"]) > 65535 or not _is_plausible(match):
        raise SettingsError(
            f"address: {text!r} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080"
        )
    return Address(match["v6"] or match["host"], int(match["port"]))


def _is_plausible(match: re.Match[str]) -> bool:
    """Say whether what stands in brackets is an IPv6 address."""
    if match["v6"] is None:
        return True
    try:
        ipaddress.IPv6Address(match["v6"])
    except ValueError:
        return False
    return True
