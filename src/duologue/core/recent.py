"""A bounded memory: what was noted last, and nothing older."""


class Recent:
    """Numbers by key; it forgets the oldest keys beyond `most`."""

    __slots__ = ("_most", "_numbers")

    def __init__(self, most: int) -> None:
        self._numbers: dict[bytes, int] = {}
        self._most = most

    def get(self, key: bytes) -> int | None:
        """Return what was noted for a key; None if nothing was, or it is forgotten."""
        return self._numbers.get(key)

    def note(self, key: bytes, number: int) -> None:
        """Remember a number, as the newest."""
        self._numbers.pop(key, None)
        self._numbers[key] = number
        if len(self._numbers) > self._most:
            del self._numbers[next(iter(self._numbers))]
