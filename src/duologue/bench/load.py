"""What to do to a server, in one frozen type.

The command line fills it (see `cli`), and so may a program. May import `errors` only.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Literal, get_args

from duologue.errors import SettingsError

Protocol = Literal["v1", "reference"]

LONGEST_S = 3600.0
_WHOLE = {
    "pairs": (1, 100_000),
    "in_flight": (1, 1_000),
    "payload_bytes": (4, 1 << 20),
    "idle": (0, 1_000_000),
}
_SECONDS = {
    "seconds": (0.1, LONGEST_S),
    "ramp_up_s": (0, LONGEST_S),
    "drop_every_s": (0, 3600),
    "away_s": (0, 3600),
}
_MOST_A_SECOND = 10_000_000
_MOST_ON_THEIR_WAY = 250
_MOST_BYTES_ON_THEIR_WAY = 1 << 18
"""A quarter of what a server of v1 keeps for someone. There also waits what was heard already,
until the word of it has come, which may be behind a window of chats in the other direction."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to do to a server. Times are in seconds."""

    url: str
    """The server: a URL with ws, wss, http or https, or only HOST:PORT."""

    _: KW_ONLY

    pairs: int = 100
    """Pairs of clients that chat, each pair in a room of its own."""

    protocol: Protocol = "v1"
    """What they speak: duologue.v1 with all its acknowledgements, or the reference protocol."""

    in_flight: int = 1
    """Messages that each client keeps on their way: the load is what the server can do."""

    rate: float = 0.0
    """Messages a second of all clients together, whatever the server does, instead of a
    number in flight."""

    payload_bytes: int = 64
    """Length of each message's content, in bytes."""

    seconds: float = 10.0
    """How long all of them talk. The first 15 % are warm-up, and not counted."""

    ramp_up_s: float = 1.0
    """How long until all of them talk: the pairs begin one after another, evenly."""

    drop_every_s: float = 0.0
    """How often each connection is reset, half as long to half as long again, at random.
    Its client comes back, and every message must arrive once and in order."""

    away_s: float = 1.0
    """How long a client whose connection was reset stays away, give or take a half."""

    idle: int = 0
    """Connections more that only stay open."""

    pid: int | None = None
    """The server's process, if it runs here: its CPU time and memory are measured too."""

    insecure: bool = False
    """Take any certificate, also one that nobody has signed."""

    json: bool = False
    """Print one line of JSON, for programs, instead of a table."""

    seated: bool = False
    """Whether the idle ones sit in rooms, two in each. No flag."""

    stalled: bool = False
    """Whether somebody floods a partner who has stopped reading. No flag."""

    def __post_init__(self) -> None:
        """Refuse what cannot work, whoever wrote it.

        Raises:
            SettingsError: A value is out of range, or two don't go together.
        """
        if self.protocol not in get_args(Protocol):
            raise SettingsError(f"protocol: {self.protocol!r} is none of v1, reference")
        for name, (least, most) in _WHOLE.items():
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise SettingsError(f"{name}: must be {least} to {most}, not {value!r}")
        for name, (shortest, longest) in _SECONDS.items():
            self._check(name, shortest, longest)
        self._check("rate", 0, _MOST_A_SECOND)
        if self.pid is not None and self.pid < 1:
            raise SettingsError(f"pid: must be the number of a process, not {self.pid}")
        self._check_combinations()

    def _check(self, name: str, least: float, most: float) -> None:
        value = getattr(self, name)
        if type(value) not in (int, float) or not least <= value <= most:
            raise SettingsError(f"{name}: must be {least:g} to {most:g}, not {value!r}")

    def _check_combinations(self) -> None:
        if self.rate and self.in_flight != 1:
            raise SettingsError("rate: with a rate, nothing can be said about in_flight")
        if self.protocol == "v1" and (
            self.in_flight > _MOST_ON_THEIR_WAY
            or self.in_flight * self.payload_bytes > _MOST_BYTES_ON_THEIR_WAY
        ):
            raise SettingsError(
                f"in_flight: in v1 at most {_MOST_ON_THEIR_WAY}, and "
                f"{_MOST_BYTES_ON_THEIR_WAY} bytes of content together"
            )
        if self.drop_every_s and self.protocol != "v1":
            raise SettingsError("drop_every_s: only clients of v1 come back to their seats")
        if self.drop_every_s and self.idle:
            raise SettingsError("drop_every_s: not beside idle connections")
