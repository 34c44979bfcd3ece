"""A client that says as much as the server takes, to a partner that reads nothing."""

from __future__ import annotations

import os

from duologue.bench.crowd import Pair
from duologue.bench.frames import masked

# Small enough to keep the others waiting for microseconds only.
_POUR_BYTES = 16_384
_LIMIT_BYTES = 256 << 20


class Flood:
    """Whole frames without end, cut wherever the socket is full."""

    def __init__(self, pair: Pair, payload_bytes: int) -> None:
        """Let the first of `pair` flood; the second is never read from again."""
        link = pair.first
        chat = masked(link.dialect.encode("chat", {"content": "y" * payload_bytes}).encode())
        link.socket.setblocking(False)
        self.fd = link.fd
        self.poured_bytes = 0
        """How much the server's side of the connection took."""
        self._frames = memoryview(chat * (_POUR_BYTES // len(chat) + 1))
        self._next = 0

    def pour(self) -> bool:
        """Write what fits; return False once the flood is over."""
        try:
            written = os.write(self.fd, self._frames[self._next :])
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._next = (self._next + written) % len(self._frames)
        self.poured_bytes += written
        return self.poured_bytes < _LIMIT_BYTES
