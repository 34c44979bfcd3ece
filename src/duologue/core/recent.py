"""A bounded memory: what was noted last, and nothing older.

It holds bytes of its own in one place, and no objects. Whatever a crowd leaves
behind would lie scattered among what the crowd took, and keep all of that from
being given back to the system.
"""

_NUMBER_BYTES = 8


class Recent:
    """Numbers by key; it forgets the oldest notes beyond `most`.

    Args:
        most: How many notes it keeps.
        key_bytes: How long each key is.
    """

    __slots__ = ("_key_bytes", "_most_bytes", "_noted", "_step")

    def __init__(self, most: int, key_bytes: int) -> None:
        self._key_bytes = key_bytes
        self._step = key_bytes + _NUMBER_BYTES
        self._most_bytes = most * self._step
        self._noted = bytearray()  # Each key with its number, the oldest first.

    def get(self, key: bytes) -> int | None:
        """Return what was noted for a key; None if nothing was, or it is forgotten."""
        at = self._find(key)
        if at < 0:
            return None
        return int.from_bytes(self._noted[at + self._key_bytes : at + self._step], "big")

    def note(self, key: bytes, number: int) -> None:
        """Remember a number, as the newest."""
        self._noted += key + number.to_bytes(_NUMBER_BYTES, "big")
        if len(self._noted) > self._most_bytes:
            del self._noted[: self._step]

    def _find(self, key: bytes) -> int:
        """Return where a key stands that was noted last; -1 if nowhere."""
        at = self._noted.rfind(key)
        while at % self._step and at >= 0:  # Bytes that look like it, and are something else.
            at = self._noted.rfind(key, 0, at + len(key) - 1)
        return at
