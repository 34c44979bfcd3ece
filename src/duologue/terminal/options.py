"""What can be set about `duologue chat`, in one frozen type.

Flags and `DUOLOGUE_*` variables fill it (see `cli`). It knows how people write
where a room is: a code, or the link that the page shows.
"""

import getpass
import math
from dataclasses import KW_ONLY, dataclass
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from cyclopts import Parameter

from duologue.errors import SettingsError

USUAL_SERVER = "http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """What can be set about one conversation in a terminal. Times are in seconds."""

    code: str | None = None
    """The code of the room to enter, or its link. Without it a room is opened."""

    _: KW_ONLY

    server: Annotated[str | None, Parameter(env_var="DUOLOGUE_SERVER")] = None
    """Where the server is: a URL or HOST:PORT. http://127.0.0.1:8080 if nothing is said."""

    name: Annotated[str | None, Parameter(env_var="DUOLOGUE_NAME")] = None
    """What your partner sees of you; your login name if nothing is said."""

    json: bool = False
    """Write every event as a line of JSON, and read lines, even in a terminal."""

    linger_s: float | None = None
    """Without a terminal: once stdin has ended and all is delivered, leave when the partner
    has been silent for so long; inf waits until they leave. 0, or inf if stdin was empty."""

    def __post_init__(self) -> None:
        """Refuse what cannot work.

        Raises:
            SettingsError: A value is out of range.
        """
        linger_s = self.linger_s
        if linger_s is not None and (math.isnan(linger_s) or linger_s < 0):
            raise SettingsError(f"linger_s: must be 0 or more, not {linger_s!r}")
        if self.code is not None and not self.code.strip():
            raise SettingsError("code: there is nothing in it; leave it out to open a room")

    @property
    def room_code(self) -> str | None:
        """The code as it was typed, or as it stands in the link."""
        link = self._link
        return self.code if link is None else link.fragment

    @property
    def server_url(self) -> str:
        """Where the server is; a link says so itself, unless something else is said."""
        link = self._link
        if self.server is not None or link is None:
            return self.server or USUAL_SERVER
        return link._replace(fragment="").geturl()

    @property
    def own_name(self) -> str:
        """What the partner sees."""
        return _login_name() if self.name is None else self.name

    @property
    def _link(self) -> SplitResult | None:
        if self.code is None or "://" not in self.code:
            return None
        try:
            link = urlsplit(self.code)
        except ValueError as error:
            raise SettingsError(f"code: {self.code!r}: {error}") from None
        if not link.fragment:
            raise SettingsError(
                f"code: {self.code!r} is no link to a room: it ends in no #CODE"
            )
        return link


def _login_name() -> str:
    """Return what the system calls this person; it may not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "Someone"
