import pytest

from duologue.core.line import Source
from duologue.server.source import UNIX, counted_but_for, ip_of, source_of
from duologue.trust import parse_networks


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        (("192.0.2.7", 50123), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 50123, 0, 0), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.7", 50123, 0, 0), "192.0.2.7"),
        (("fe80::1%eth0", 50123, 0, 2), "fe80::/64"),
        (("::1", 50123, 0, 0), "::/64"),
        ("", UNIX),
        ("/run/duologue.sock", UNIX),
        (b"\0abstract", UNIX),
        (None, UNIX),
    ],
)
def test_a_source_is_an_ipv4_address_or_an_ipv6_network(peer: object, source: str) -> None:
    assert source_of(peer) == source


@pytest.mark.parametrize(
    "text", ["", "localhost", "192.0.2.300", "192.0.2.7:80", "[::1]", "_x"]
)
def test_what_is_no_address_has_no_source(text: str) -> None:
    assert ip_of((text, 50123)) is None


@pytest.mark.parametrize(
    ("source", "is_counted"),
    [
        ("192.0.2.7", True),
        ("127.0.0.9", False),
        ("10.1.2.3", False),
        ("2001:db8:1:2::/64", False),
        ("2001:db9::/64", True),
        ("::/64", False),
        (UNIX, False),
    ],
)
def test_a_source_counts_unless_its_network_is_named(source: str, is_counted: bool) -> None:
    networks = parse_networks("uncounted", "127.0.0.0/8 ::1 10.0.0.0/8 2001:db8::/32")
    assert counted_but_for(networks)(Source(source)) is is_counted


def test_where_no_network_is_named_all_count_but_who_is_local() -> None:
    is_counted = counted_but_for(())
    assert (is_counted(Source("127.0.0.1")), is_counted(UNIX)) == (True, False)
