"""Whom proxies name, and that nobody else can."""

import ipaddress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duologue.server.forwarded import Account, read
from duologue.trust import parse_ip, parse_proxies

AT_ANY_PACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A machine that is slow finds nothing wrong."""

OURS = parse_proxies(["10.0.0.0/8", "2001:db8::/32"])
ALICE = "203.0.113.5"
SIX = "2001:db9::5"


def said_by(*headers: tuple[str, str]) -> Account:
    return read([(name.encode(), value.encode()) for name, value in headers], OURS)


def client(*headers: tuple[str, str]) -> str | None:
    address = said_by(*headers).client
    return None if address is None else str(address)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([ALICE], ALICE),
        ([f" {ALICE}\t"], ALICE),
        ([f"{ALICE}:51234"], ALICE),
        ([SIX], SIX),
        ([f"[{SIX}]:51234"], SIX),
        ([f'"[{SIX}]:51234"'], SIX),
        ([f"::ffff:{ALICE}"], ALICE),
        ([f"{ALICE}, 10.0.0.1"], ALICE),
        ([f"{ALICE},10.0.0.1,2001:db8::1"], ALICE),
        ([ALICE, "10.0.0.1"], ALICE),
        (["198.51.100.1", ALICE], ALICE),
        ([f"198.51.100.1, {ALICE}"], ALICE),
        ([f"10.0.0.9, {ALICE}, 10.0.0.1"], ALICE),
        ([f"nonsense, unknown, {ALICE}"], ALICE),
        ([f"{ALICE},, "], ALICE),
        (["10.0.0.2, 10.0.0.1"], "10.0.0.2"),
        ([""], None),
        ([], None),
        (["unknown"], None),
        ([f"{ALICE}, unknown, 10.0.0.1"], None),
        ([f"{ALICE}, _hidden"], None),
        ([f"{ALICE}:x"], None),
        ([f"{ALICE}:123456"], None),
        (["203.0.113.500"], None),
        (["203.0.113.05"], None),
        (["fe80::1%eth0"], None),
        ([f"[{SIX}"], None),
        (["chat.example"], None),
    ],
)
def test_the_nearest_that_is_no_trusted_proxy_is_the_client(
    lines: list[str], expected: str | None
) -> None:
    assert client(*(("x-forwarded-for", line) for line in lines)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"for={ALICE}"], ALICE),
        ([f"For={ALICE}"], ALICE),
        ([f'for="{ALICE}"'], ALICE),
        ([f'for="{ALICE}:_port"'], ALICE),
        ([f'for="{ALICE}:51234"'], ALICE),
        ([f"for={ALICE}:51234"], ALICE),
        ([f'for="[{SIX}]"'], SIX),
        ([f'for="[{SIX}]:51234"'], SIX),
        ([r'for="203.0.113\.5"'], ALICE),
        ([f"proto=https;for={ALICE};by=10.0.0.1"], ALICE),
        ([f"by=_us ; for={ALICE} ;"], ALICE),
        ([f"for={ALICE}, for=10.0.0.1"], ALICE),
        ([f"for=198.51.100.1, for={ALICE},,"], ALICE),
        ([f"for={ALICE}", "for=10.0.0.1"], ALICE),
        (['for="198.51.100.1', f"for={ALICE}"], ALICE),
        (["for=10.0.0.2, for=10.0.0.1"], "10.0.0.2"),
        ([""], None),
        (["for=unknown"], None),
        (["for=_hidden"], None),
        (['for="_hidden"'], None),
        ([f"for={ALICE}, for=unknown"], None),
        ([f"for={ALICE}, proto=https"], None),
        ([f"for={ALICE};for={ALICE}"], None),
        ([f'for="{ALICE}'], None),
        ([f'for="{ALICE}"x'], None),
        ([f"for = {ALICE}"], None),
        (["for="], None),
        ([ALICE], None),
        ([f'for=198.51.100.1;x=", for="[{SIX}]"'], None),
        ([f'for=198.51.100.1;x=", for={ALICE}'], None),
    ],
)
def test_forwarded_is_read_as_its_rfc_has_it(lines: list[str], expected: str | None) -> None:
    assert client(*(("forwarded", line) for line in lines)) == expected


def test_both_headers_must_name_the_same_client() -> None:
    both = [("forwarded", f"for={ALICE}"), ("x-forwarded-for", f"{ALICE}, 10.0.0.1")]
    assert said_by(*both) == Account(parse_ip(ALICE), None)
    both[0] = ("forwarded", "for=198.51.100.1;host=chat.example")
    assert said_by(*both) == Account(None, None, is_contradictory=True)
    both[0] = ("forwarded", "for=unknown")
    assert said_by(*both) == Account(None, None, is_contradictory=True)


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ([], None),
        ([("x-forwarded-host", "chat.example:8443")], "chat.example:8443"),
        ([("x-forwarded-host", "chat.example, inside")], "chat.example"),
        (
            [("x-forwarded-for", ALICE), ("x-forwarded-host", "chat.example")],
            "chat.example",
        ),
        ([("forwarded", f'for={ALICE};host="chat.example:8443"')], "chat.example:8443"),
        (
            [("forwarded", f"for={ALICE};host=outside, for=10.0.0.1;host=inside")],
            "outside",
        ),
        (
            [("forwarded", f"for=198.51.100.1;host=theirs, for={ALICE};host=ours")],
            "ours",
        ),
        (
            [("forwarded", f"for={ALICE}"), ("x-forwarded-host", "chat.example")],
            "chat.example",
        ),
    ],
)
def test_the_host_is_the_one_that_the_client_asked_for(
    headers: list[tuple[str, str]], host: str | None
) -> None:
    assert said_by(*headers).host == host


strangers = st.ip_addresses().filter(lambda address: not OURS.trust(parse_ip(str(address))))
proxies = st.one_of(
    st.ip_addresses(v=4, network="10.0.0.0/8"), st.ip_addresses(v=6, network="2001:db8::/32")
)
ports = st.one_of(st.just(""), st.integers(0, 65535).map(":{}".format))
header_texts = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
lies = st.one_of(header_texts, st.ip_addresses().map(str), st.just("unknown"), st.just('for="'))


@st.composite
def written(draw: st.DrawFn, address: Any) -> str:
    """Write an address as proxies do."""
    port = draw(ports)
    if isinstance(address, ipaddress.IPv4Address):
        return f"{address}{port}"
    return f"[{address}]{port}" if port or draw(st.booleans()) else str(address)


def as_elements(hops: list[str]) -> str:
    return ", ".join(f'for="{hop}"' for hop in hops)


@AT_ANY_PACE
@given(st.data(), st.lists(lies, max_size=4), strangers, st.lists(proxies, max_size=3))
def test_nothing_that_a_client_writes_changes_who_it_is(
    data: st.DataObject, lies: list[str], client: Any, passed: list[Any]
) -> None:
    hops = [data.draw(written(address)) for address in (client, *passed)]
    line = ", ".join([*lies, *hops])
    account = read([(b"x-forwarded-for", line.encode("latin-1"))], OURS)
    assert account.client == parse_ip(str(client))


@AT_ANY_PACE
@given(st.lists(lies, max_size=4), strangers, st.lists(proxies, max_size=3), st.booleans())
def test_no_lie_in_forwarded_is_believed(
    lies: list[str], client: Any, passed: list[Any], is_one_line: bool
) -> None:
    theirs = ", ".join(lies)
    hops = (f"[{each}]" if each.version == 6 else str(each) for each in (client, *passed))
    ours = as_elements(list(hops))
    lines = [f"{theirs}, {ours}"] if is_one_line else [theirs, ours]
    account = read([(b"forwarded", line.encode("latin-1")) for line in lines], OURS)
    # What a lie can do is to make the line unreadable: then it is the proxy that counts.
    assert account.client in {parse_ip(str(client)), None}
    assert is_one_line or account.client is not None


@AT_ANY_PACE
@given(st.lists(st.tuples(st.sampled_from(["forwarded", "x-forwarded-for"]), lies), max_size=6))
def test_nonsense_is_read_without_an_error(headers: list[tuple[str, str]]) -> None:
    account = read([(name.encode(), value.encode("latin-1")) for name, value in headers], OURS)
    assert account.client is None or account.client == parse_ip(str(account.client))


def test_nobody_comes_over_more_proxies_than_anyone_has() -> None:
    for count, expected in ((32, ALICE), (33, None)):
        assert client(("x-forwarded-for", ALICE + ", 10.0.0.1" * count)) == expected
        lines = [("x-forwarded-for", hop) for hop in (ALICE, *["10.0.0.1"] * count)]
        assert client(*lines) == expected
    assert client(("forwarded", f"for={ALICE}" + ", for=10.0.0.1" * 70)) == ALICE
    assert client(("forwarded", f"for={ALICE}" + ", for=10.0.0.1" * 80)) is None
    assert client(("forwarded", "x=" + "y" * 1024), ("forwarded", f"for={ALICE}")) is None


def test_what_a_client_wrote_left_of_itself_may_be_as_long_as_it_likes() -> None:
    assert client(("x-forwarded-for", "10.0.0.1, " * 1600 + ALICE)) == ALICE


def test_no_lie_takes_longer_to_read_than_it_is_long() -> None:
    """Each of these would take minutes if the reading were not linear."""
    for lie in ('for="' + "\\" * 1_000, "for=a;" * 160, "," * 1_000, " " * 1_000 + "x"):
        assert client(("forwarded", lie)) is None
        assert client(("x-forwarded-for", lie * 16 + "x")) is None
