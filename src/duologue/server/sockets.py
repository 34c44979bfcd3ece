"""Opens listening sockets: on all addresses of a host, or at a path.

What a socket accepts inherits the options that are set here. Nothing is
accepted here; see `listening`.
"""

import contextlib
import errno
import socket
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from duologue.config import Address, UnixAddress
from duologue.errors import ListenError

BACKLOG = 4096

_SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel may hold for a peer that does not read. Left to itself it
would take megabytes; chat needs no such pipe."""

_RECEIVE_BUFFER_BYTES = 32 * 1024
"""What the kernel may hold of a peer that talks faster than it is read. The
WebSocket library's own buffer grows with it, and does not shrink again."""

_ANY_PORT_TRIES = 20
"""How often a free port is looked for that is free on every address of a host."""

_NOT_HERE = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""A name may have an address of a kind that this machine was told not to use."""

_Place = tuple[socket.AddressFamily, tuple[Any, ...]]


def open_sockets(
    address: Address | UnixAddress, *, shares_port: bool = False
) -> list[socket.socket]:
    """Listen at an address: one socket for each that its host name stands for.

    Args:
        address: Where. With port 0 all get the same free one.
        shares_port: Whether another process of this user may have the port too.

    Raises:
        ListenError: It is in use, or is none of this machine's.
    """
    try:
        if isinstance(address, UnixAddress):
            return [_open_unix(address.path)]
        return _open_everywhere(_places(address), shares_port=shares_port)
    except OSError as error:
        raise ListenError(str(address), error.strerror or str(error)) from None


def prepare(listening: socket.socket) -> None:
    """Set what every connection inherits."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    listening.setblocking(False)


def address_of(listening: socket.socket) -> Address | UnixAddress:
    """Say where a socket listens."""
    name = listening.getsockname()
    if listening.family in (socket.AF_INET, socket.AF_INET6):
        return Address(name[0], name[1])
    return UnixAddress(name if isinstance(name, str) else "@" + name[1:].decode())


def _places(address: Address) -> list[_Place]:
    try:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except ValueError:  # It may be none that could ever be looked up.
        raise ListenError(str(address), "no such host") from None
    return list(dict.fromkeys((family, sockaddr) for family, _, _, _, sockaddr in found))


def _open_everywhere(places: list[_Place], *, shares_port: bool) -> list[socket.socket]:
    for _ in range(_ANY_PORT_TRIES):
        try:
            return _open_all(places, shares_port=shares_port)
        except OSError as error:
            port_is_given = places[0][1][1] != 0
            if port_is_given or len(places) == 1 or error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on all of its addresses")


def _open_all(places: Iterable[_Place], *, shares_port: bool) -> list[socket.socket]:
    """Open a socket at each place that there is on this machine."""
    opened: list[socket.socket] = []
    missing: OSError | None = None
    with contextlib.ExitStack() as undo:
        for family, (host, port, *rest) in places:
            found = opened[0].getsockname()[1] if opened else port
            try:
                listening = _open_tcp(family, (host, found, *rest), shares_port=shares_port)
            except OSError as error:
                if error.errno not in _NOT_HERE:
                    raise
                missing = error
            else:
                opened.append(undo.enter_context(listening))
        if missing and not opened:
            raise missing
        undo.pop_all()
    return opened


def _open_tcp(
    family: socket.AddressFamily, sockaddr: tuple[Any, ...], *, shares_port: bool
) -> socket.socket:
    with contextlib.ExitStack() as undo:
        listening = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shares_port:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        prepare(listening)
        listening.bind(sockaddr)
        listening.listen(BACKLOG)
        undo.pop_all()
    return listening


def _open_unix(path: str) -> socket.socket:
    with contextlib.ExitStack() as undo:
        listening = undo.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        prepare(listening)
        try:
            listening.bind(path)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not _is_abandoned(path):
                raise
            Path(path).unlink()
            listening.bind(path)
        listening.listen(BACKLOG)
        undo.pop_all()
    return listening


def _is_abandoned(path: str) -> bool:
    """Say whether a file is the socket of a server that is gone."""
    if not stat.S_ISSOCK(Path(path).lstat().st_mode):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.setblocking(False)
        return caller.connect_ex(path) == errno.ECONNREFUSED
