"""Where the server is, found out once for all connections."""

from __future__ import annotations

import contextlib
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from duologue.client.address import websocket_url
from duologue.errors import LoadError

_PORTS = {"ws": 80, "wss": 443}
_PROBE_S = 5.0


@dataclass(frozen=True, slots=True)
class Target:
    """A server's address, and what is said to it first.

    Attributes:
        name: The host and the port, for the head of the request and for people.
        host: The host alone, which its certificate has to name.
        path: What is asked for there.
        family: The family of `address`.
        address: What a socket connects to.
        context: How to speak TLS; None for a plain connection.
    """

    name: str
    host: str
    path: str
    family: socket.AddressFamily
    address: tuple[str, int]
    context: ssl.SSLContext | None = None

    @classmethod
    def find(cls, url: str, *, is_insecure: bool = False) -> Target:
        """Look a server up.

        Raises:
            AddressError: It is no URL.
            LoadError: There is no such host.
        """
        parts = urlsplit(websocket_url(url))
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        family, address = _listening(host, port)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        context = _context(is_insecure=is_insecure) if parts.scheme == "wss" else None
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return cls(name, host, path, family, address, context)


def _listening(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """Return the first of a host's addresses on which somebody listens, else its first."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise LoadError(f"cannot connect to {host}: no such host") from None
    addresses = [(family, (str(to[0]), int(to[1]))) for family, _, _, _, to in found]
    for family, address in addresses if len(addresses) > 1 else []:
        with contextlib.suppress(OSError), socket.create_connection(address, _PROBE_S):
            return family, address
    return addresses[0]


def _context(*, is_insecure: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if is_insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
