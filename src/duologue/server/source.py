"""Where a connection comes from, as limits count and logs tell it.

A *source* is an IPv4 address or an IPv6 network of 64 bits: the least that a
subscriber gets is theirs whole, so single addresses in it mean nothing
(RFC 6177 section 2). What comes over a Unix socket has no address.
"""

import ipaddress
import sys
from collections.abc import Callable, Collection

from duologue.core.line import Source
from duologue.trust import IPAddress, IPNetwork, parse_ip

_MOST_IN_NETWORK = (1 << 64) - 1

UNIX = Source("unix")
"""Whoever connects over a Unix socket."""


def source_of(peer: object) -> Source:
    """Name the source of a connection.

    Args:
        peer: The transport's `peername`: a tuple that begins with the address,
            or what a Unix socket has in its place.
    """
    address = ip_of(peer)
    return UNIX if address is None else source_of_ip(address)


def ip_of(peer: object) -> IPAddress | None:
    """Return the address in a transport's `peername`; None for a Unix socket's."""
    return parse_ip(str(peer[0])) if isinstance(peer, tuple) and peer else None


def source_of_ip(address: IPAddress) -> Source:
    """Name the source that an IP address belongs to."""
    if isinstance(address, ipaddress.IPv6Address):
        return Source(sys.intern(str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))))
    return Source(sys.intern(str(address)))  # One text for all connections of a source.


def counted_but_for(networks: Collection[IPNetwork]) -> Callable[[Source], bool]:
    """Make what says whether a source is in none of these networks, nor local."""
    excepted = [
        (each.version, int(each.network_address), int(each.broadcast_address))
        for each in networks
    ]

    def is_counted(source: Source) -> bool:
        if source == UNIX:
            return False
        text, _, is_network = source.partition("/")
        address = ipaddress.ip_address(text)
        first = int(address)
        last = first | _MOST_IN_NETWORK if is_network else first
        return not any(
            version == address.version and lowest <= last and first <= highest
            for version, lowest, highest in excepted
        )

    return is_counted
