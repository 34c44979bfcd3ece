"""Listening sockets that were open before this program began, and were handed to it.

As sd_listen_fds(3) says: LISTEN_FDS of them, from descriptor 3 on, if LISTEN_PID
is this process. systemd keeps such a socket open while servers come and go, so
no connection is lost in between.
"""

import os
import socket

from duologue.errors import ListenError

_FIRST = 3


def inherited() -> list[socket.socket]:
    """Return the sockets that were handed to this process; none, if none were.

    They can be had once: what this program starts must not take them for its own.

    Raises:
        ListenError: A descriptor is not a stream socket that listens.
    """
    pid, count = (os.environ.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS"))
    names = os.environ.pop("LISTEN_FDNAMES", "").split(":")
    if pid != str(os.getpid()) or not count.isascii() or not count.isdigit():
        return []
    names += [""] * int(count)
    return [_take(_FIRST + at, names[at]) for at in range(int(count))]


def _take(descriptor: int, name: str) -> socket.socket:
    called = f"descriptor {descriptor}" + (f" ({name})" if name else "")
    try:
        taken = socket.socket(fileno=descriptor)
        is_listening = taken.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise ListenError(called, error.strerror or str(error)) from None
    if taken.type != socket.SOCK_STREAM or not is_listening:
        raise ListenError(called, "it is not a stream socket that listens")
    taken.set_inheritable(False)
    return taken
