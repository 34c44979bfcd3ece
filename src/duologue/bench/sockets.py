"""Reading and writing without waiting, by file descriptor: plain, or through TLS.

The loop that is measured calls `read` and `write` for each batch: for plain connections
they are the system calls themselves, with nothing around them.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from typing import NamedTuple

from duologue.bench.link import Link


class Sockets(NamedTuple):
    """How to read and write.

    Attributes:
        read: Returns what there is, at most about so many bytes; nothing at the end, and
            None if something arrived that is of no concern here, or is not whole yet.
        write: Returns how much was taken; a BlockingIOError means nothing.
    """

    read: Callable[[int, int], bytes | None]
    write: Callable[[int, bytes], int]


PLAIN = Sockets(os.read, os.write)


class Encrypted:
    """The TLS connections of a run, by their file descriptors."""

    def __init__(self) -> None:
        self._sockets: dict[int, ssl.SSLSocket] = {}

    def add(self, link: Link) -> None:
        """Read and write for this one, too, if it speaks TLS."""
        if isinstance(link.socket, ssl.SSLSocket):
            self._sockets[link.fd] = link.socket

    def read(self, fd: int, size: int) -> bytes | None:
        """Return what can be decrypted now."""
        sock = self._sockets[fd]
        try:
            data = sock.recv(size)
        except ssl.SSLWantReadError:
            return None
        # What is decrypted already is no longer in the kernel, which would tell of it.
        while waiting := sock.pending():
            data += sock.recv(waiting)
        return data

    def write(self, fd: int, data: bytes) -> int:
        """Encrypt and write; what was not taken has to be written again."""
        try:
            return self._sockets[fd].send(data)
        except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return 0
