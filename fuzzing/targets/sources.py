"""Sources: an address belongs to one, in whichever of its spellings; all else to none."""

import ipaddress
from collections.abc import Iterable

from duologue.core.line import Source
from duologue.server.source import source_of_ip
from duologue.trust import parse_ip

MOST_BYTES = 128


def seeds() -> Iterable[bytes]:
    """Begin with addresses of every kind."""
    yield from (b"192.0.2.1", b"2001:db8::1", b"::ffff:192.0.2.1", b"::", b"fe80::1%eth0")
    yield from (b"", b"1", b"0192.0.2.1", b"[::1]", b"192.0.2.1:80", b"2001:DB8:0:0:0::1")
    yield "1\uff192.0.2.1".encode()  # A nine in full width.


def parse_source(text: str) -> Source | None:
    """Return the source of an address, as settings and proxies write it."""
    address = parse_ip(text)
    return None if address is None else source_of_ip(address)


def try_one(data: bytes) -> None:
    """Read it, and read what was read."""
    text = data.decode(errors="replace")
    source = parse_source(text)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        assert source is None, "a source that is no address"
        return
    assert source is not None, "an address without a source"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        network = ipaddress.IPv6Network(source)
        assert network.prefixlen == 64, "not what one subscriber has"
        assert int(address) >> 64 == int(network.network_address) >> 64, "another's network"
        assert parse_source(str(network[-1])) == source, "two sources in one network"
    else:
        assert str(ipaddress.IPv4Address(source)) == source, "not the one spelling"
        assert parse_source(f"::ffff:{source}") == source, "an IPv4 address in IPv6's dress"
