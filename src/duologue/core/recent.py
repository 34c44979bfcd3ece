"""A bounded memory: what was added last, and nothing older."""


class Recent:
    """A set of keys that forgets the oldest beyond `most`."""

    __slots__ = ("_keys", "_most")

    def __init__(self, most: int) -> None:
        self._keys: dict[bytes, None] = {}
        self._most = most

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys

    def add(self, key: bytes) -> None:
        """Remember a key."""
        self._keys[key] = None
        if len(self._keys) > self._most:
            del self._keys[next(iter(self._keys))]
