"""What the log calls the place that a connection comes from.

By default a name that is good for one day: it tells that two connections came
from the same place, and not from which. The salt that it is made with is never
written down, and forgotten when the day ends (UTC).
"""

import hashlib
import secrets
import time
from collections.abc import Callable

from duologue.config import LogAddresses
from duologue.core.line import Source

_SALT_BYTES = 32
_NAME_BYTES = 5
_DAY_S = 24 * 60 * 60


class Pseudonyms:
    """Names sources, as `log_addresses` says.

    Args:
        kind: `hashed` for names of a day, `plain` for sources as they are, `none`.
        clock: Returns the seconds since 1970.
        random_bytes: Returns that many bytes from a cryptographic source.
    """

    def __init__(
        self,
        kind: LogAddresses,
        clock: Callable[[], float] = time.time,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._kind = kind
        self._clock = clock
        self._random_bytes = random_bytes
        self._day: int | None = None
        self._salt = b""

    def name(self, source: Source) -> str | None:
        """Return what to call a source today; None if it is not to be told of."""
        if self._kind == "plain":
            return source
        if self._kind == "none":
            return None
        day = int(self._clock() // _DAY_S)
        if day != self._day:
            self._day, self._salt = day, self._random_bytes(_SALT_BYTES)
        digest = hashlib.blake2b(source.encode(), key=self._salt, digest_size=_NAME_BYTES)
        return digest.hexdigest()
