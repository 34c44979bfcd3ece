"""Whom the settings trust: pages by their origin, proxies by their address.

Reads what operators, browsers and proxies write, and knows no request. May
import `errors` only.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple

from duologue.errors import SettingsError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_PORTS = {"http": 80, "https": 443}
_WEB = {"ws": "http", "wss": "https"}
"""What a page has that connects with these: a browser names that."""

_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://(.+)", re.ASCII)
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([!-~]+?))(?::(\d{0,5}))?", re.ASCII)
_NO_NAME = re.compile(r"[/?#@:,\[\]\\*]")


class HostPort(NamedTuple):
    """What a Host header names; IPv6 stands without brackets, and no port is None."""

    host: str
    port: int | None


class Origin(NamedTuple):
    """Where a page is from (RFC 6454 section 4)."""

    scheme: str
    host: str
    port: int | None


class Origins(NamedTuple):
    """The origins that are allowed besides the server's own.

    Attributes:
        listed: Each of them.
        has_all: Whether it is all there are.
    """

    listed: frozenset[Origin]
    has_all: bool

    def allow(self, origin: Origin | None) -> bool:
        """Say whether an origin is one of them; None is one that tells nothing."""
        return self.has_all or origin in self.listed


class Proxies(NamedTuple):
    """Those whose word about their clients is taken.

    Attributes:
        networks: Where they are.
        has_unix: Whether all are that connect over a Unix socket.
    """

    networks: tuple[IPNetwork, ...]
    has_unix: bool

    def trust(self, address: IPAddress | None) -> bool:
        """Say whether one at this address is; None is a Unix socket's peer."""
        if address is None:
            return self.has_unix
        return any(address in network for network in self.networks)


def parse_host(text: str) -> HostPort | None:
    """Read HOST or HOST:PORT as a Host header has it; None if it is not of that form."""
    match = _HOST.fullmatch(text.lower())
    if match is None:
        return None
    v6, name, digits = match.groups()
    port = int(digits) if digits else None
    if v6 is not None:
        try:
            return HostPort(str(ipaddress.IPv6Address(v6)), port)
        except ValueError:
            return None
    return None if _NO_NAME.search(name) else HostPort(name, port)


def parse_origin(text: str) -> Origin | None:
    """Read an origin as a browser writes it; None if it is none, or `null`."""
    match = _ORIGIN.fullmatch(text.lower())
    if match is None:
        return None
    scheme = _WEB.get(match[1], match[1])
    where = parse_host(match[2])
    if where is None:
        return None
    return Origin(scheme, where.host, where.port or _PORTS.get(scheme))


def parse_ip(text: str) -> IPAddress | None:
    """Read an IP address; IPv4 that IPv6 carries is IPv4. None if it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def parse_origins(texts: Iterable[str]) -> Origins:
    """Read the setting `allow_origin`.

    Raises:
        SettingsError: One is neither an origin nor `*`.
    """
    words = _words("allow_origin", texts)
    listed = set()
    for word in words:
        # Who copies it from a browser gets the slash that begins the path.
        origin = parse_origin(word.removesuffix("/"))
        if origin is not None:
            listed.add(origin)
        elif word.lower() == "null":
            raise SettingsError(
                "allow_origin: null is every page that does not say where it is from; "
                "write * if all may"
            )
        elif word != "*":
            raise SettingsError(
                f"allow_origin: {word!r} is neither an origin, "
                "such as https://chat.example, nor *"
            )
    return Origins(frozenset(listed), "*" in words)


def parse_proxies(texts: Iterable[str]) -> Proxies:
    """Read the setting `trust_proxy`.

    Raises:
        SettingsError: One is neither an address nor a network nor `unix`, or is everybody.
    """
    words = _words("trust_proxy", texts)
    networks = []
    for word in words:
        if word == "unix":
            continue
        try:
            network = ipaddress.ip_network(word)
        except ValueError:
            raise SettingsError(
                f"trust_proxy: {word!r} is neither an address nor a network, "
                "such as 10.0.0.0/8, nor unix"
            ) from None
        if network.prefixlen == 0:
            raise SettingsError(
                f"trust_proxy: {word} is everybody, and then anybody could pass for another"
            )
        networks.append(network)
    return Proxies(tuple(networks), "unix" in words)


def parse_networks(name: str, text: str) -> tuple[IPNetwork, ...]:
    """Read addresses and networks with spaces or commas between; `off` is none.

    Raises:
        SettingsError: One of them is none; `name` says where it stands.
    """
    if text == "off":
        return ()
    words = _words(name, text)
    try:
        return tuple(ipaddress.ip_network(word) for word in words)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from None


def _words(name: str, texts: Iterable[str]) -> list[str]:
    """Take a list apart; a program may have one text with spaces or commas for it."""
    listed = [texts] if isinstance(texts, str) else texts
    if not isinstance(listed, list | tuple) or not all(
        isinstance(text, str) for text in listed
    ):
        raise SettingsError(f"{name}: {texts!r} is no list of texts")
    return [word for text in listed for word in text.replace(",", " ").split()]
