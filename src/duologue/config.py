"""Everything that can be set, in one frozen type.

Flags, `DUOLOGUE_*` variables and a TOML file fill it (see `cli`); a program
that embeds the server makes one itself. May import `errors` and `trust` only.
"""

import ipaddress
import re
from dataclasses import KW_ONLY, dataclass, field, fields
from math import inf, isfinite
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from duologue.errors import SettingsError
from duologue.trust import parse_networks, parse_origins, parse_proxies

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["text", "json"]
LogAddresses = Literal["hashed", "plain", "none"]

Off = Literal["off"]
Limit = float | int | Off
"""A number, or none at all."""

OFF: Off = "off"

CODE_LENGTHS = range(6, 11)

_MOST_SECONDS = 300
_MOST_TICKET_LIFE_S = 30 * 24 * 60 * 60
_UNIX = "unix:"
_ADDRESS = re.compile(r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<host>[^:\[\]]+)):(?P<port>\d{1,5})")


class Address(NamedTuple):
    """Where to listen: a host and a TCP port. Port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class UnixAddress(NamedTuple):
    """Where to listen: the path of a Unix socket."""

    path: str

    def __str__(self) -> str:
        return f"{_UNIX}{self.path}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set about a server. Times are in seconds."""

    address: str = "127.0.0.1:8080"
    """Where to listen: HOST:PORT, IPv6 as [::1]:8080, or unix:PATH. Port 0 picks a free one."""

    _: KW_ONLY

    allow_origin: tuple[str, ...] = ()
    """Pages of other hosts that may connect: origins such as https://chat.example, or * for
    all."""

    trust_proxy: tuple[str, ...] = ()
    """Proxies that are believed who their clients are: addresses, networks such as 10.0.0.0/8,
    or unix for all that come over a Unix socket."""

    log: LogLevel = "info"
    """The least important log lines to show: debug, info, warning or error."""

    tls_cert: Path | None = None
    """A PEM file with the certificate and its chain: then TLS is spoken, and nothing else."""

    tls_key: Path | None = None
    """A PEM file with its private key, if that is not in the same file."""

    reuse_port: bool = False
    """Share the port with another process of the same user, which takes over (SO_REUSEPORT)."""

    drain_s: float = 10.0
    """Over how long it spreads the goodbyes when it is told to stop."""
    log_format: LogFormat = "text"
    """How log lines look: text, or json with one object a line."""

    log_addresses: LogAddresses = "hashed"
    """How the log tells addresses: hashed, so that they can be told apart for a day; plain or
    none."""

    ops_address: str | None = None
    """Where metrics and health are served for operators, likewise. Else metrics are at the
    address of the chat, for this machine alone."""

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

    code_length: int = 6
    """How many characters a new room's code has: 6 to 10."""

    lone_room_s: Limit = 3600
    """How long one person may wait for another before the room is closed."""

    messages_per_s: Limit = 1000
    """How many messages a second a connection may send in the long run; ten times as many at
    once. Who sends more is not read for a while."""

    bytes_per_s: Limit = 1024 * 1024
    """How many bytes a second it may send in them, likewise."""

    errors_per_s: Limit = 20
    """How many of its messages a second may be of no use, likewise; then it is closed."""

    max_connections: Limit = 20_000
    """How many connections there may be; others get 503."""

    max_rooms: Limit = 20_000
    """How many rooms there may be; with so many, new connections get 503."""

    connections_per_source: Limit = 200
    """How many connections an IPv4 address, or an IPv6 network of 64 bits, may have."""

    handshakes_per_source_s: Limit = 20
    """How many connections a second it may begin in the long run; ten times as many at once."""

    rooms_per_source: Limit = 100
    """How many rooms there may be that it has opened."""

    uncounted: str = "127.0.0.0/8, ::1"
    """Networks for which these three limits do not hold, or off: not for any."""

    wrong_codes_per_source_min: Limit = 1
    """How many wrong room codes a minute it may try in the long run, after ten at once."""

    wrong_codes_per_s: Limit = 1
    """How many a second may come from everywhere in the long run, after 600 at once."""

    secret_file: Path | None = None
    """A file with what seals tickets: secrets, one a line, the newest first. Else one is made
    and kept."""

    secret: str = field(default="", repr=False)
    """The same as a text, with spaces or commas between. Never a flag: every user of a
    machine can see the flags of its programs."""

    def __post_init__(self) -> None:
        """Refuse what cannot work, whoever wrote it.

        Raises:
            SettingsError: A value is out of range, or is not of the form it must have.
        """
        self._check_listening()
        parse_origins(self.allow_origin)
        parse_proxies(self.trust_proxy)
        self._check_choice("log", get_args(LogLevel))
        self._check_choice("log_format", get_args(LogFormat))
        self._check_choice("log_addresses", get_args(LogAddresses))
        for name, most in (("max_name_chars", 1024), ("max_content_bytes", 1024 * 1024)):
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= most:
                raise SettingsError(f"{name}: must be 1 to {most}, not {value!r}")
        for name in ("handshake_timeout_s", "heartbeat_s", "stall_timeout_s"):
            self._check_seconds(name, _MOST_SECONDS)
        self._check_seconds("ticket_life_s", _MOST_TICKET_LIFE_S)
        if self.ticket_life_s < 4 * self.heartbeat_s:
            raise SettingsError("ticket_life_s: must be at least four times heartbeat_s")
        if type(self.code_length) is not int or self.code_length not in CODE_LENGTHS:
            raise SettingsError(f"code_length: must be 6 to 10, not {self.code_length!r}")
        for name in _LIMITS:
            _check_limit(name, getattr(self, name))
        parse_networks("uncounted", self.uncounted)

    def _check_choice(self, name: str, choices: tuple[str, ...]) -> None:
        if (value := getattr(self, name)) not in choices:
            raise SettingsError(f"{name}: {value!r} is none of {', '.join(choices)}")

    def _check_seconds(self, name: str, most: int) -> None:
        value = getattr(self, name)
        if type(value) not in (int, float) or not 0 < value <= most:
            raise SettingsError(
                f"{name}: must be more than 0 and at most {most}, not {value!r}"
            )

    def _check_listening(self) -> None:
        if self.tls_key is not None and self.tls_cert is None:
            raise SettingsError("tls_key: is of no use without tls_cert")
        places = [parse_address(self.address)]
        if self.ops_address is not None:
            places.append(parse_address(self.ops_address, "ops_address"))
        if self.reuse_port and any(isinstance(place, UnixAddress) for place in places):
            raise SettingsError("reuse_port: a Unix socket has no port to share")
        if type(self.drain_s) not in (int, float) or not 0 <= self.drain_s <= _MOST_SECONDS:
            raise SettingsError(f"drain_s: must be 0 to {_MOST_SECONDS}, not {self.drain_s!r}")

    @property
    def max_message_bytes(self) -> int:
        """Longest message that can be valid.

        JSON may take six bytes for one of a content, and twelve for a character of a name.
        """
        return 6 * self.max_content_bytes + 12 * self.max_name_chars + 1024


_LIMITS = tuple(each.name for each in fields(Settings) if each.type == Limit)
"""The settings that may be off."""


def _check_limit(name: str, value: object) -> None:
    is_number = type(value) in (int, float) and isfinite(cast("float", value))
    if value != OFF and not (is_number and cast("float", value) > 0):
        raise SettingsError(f"{name}: must be a number above 0, or off, not {value!r}")


def as_number(limit: Limit) -> float:
    """Return a limit as a number, which is infinite where there is none."""
    return inf if limit == OFF else cast("float", limit)


def parse_address(text: str, setting: str = "address") -> Address | UnixAddress:
    """Read HOST:PORT or unix:PATH, which is the value of a setting.

    Raises:
        SettingsError: It is not of that form, or the port is over 65535.
    """
    if str(text).startswith(_UNIX):
        return _parse_unix(text, setting)
    match = _ADDRESS.fullmatch(str(text))
    if match is None or int(match["port"]) > 65535 or not _is_plausible(match):
        raise SettingsError(
            f"{setting}: {text!r} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080"
        )
    return Address(match["v6"] or match["host"], int(match["port"]))


def _parse_unix(text: str, setting: str) -> UnixAddress:
    path = text.removeprefix(_UNIX)
    if not path or "\0" in path:
        raise SettingsError(f"{setting}: {text!r} names no socket, such as unix:/run/chat.sock")
    return UnixAddress(path)


def _is_plausible(match: re.Match[str]) -> bool:
    """Say whether what stands in brackets is an IPv6 address."""
    if match["v6"] is None:
        return True
    try:
        ipaddress.IPv6Address(match["v6"])
    except ValueError:
        return False
    return True
