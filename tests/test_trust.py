import ipaddress
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest

from duologue.config import Settings
from duologue.errors import SettingsError
from duologue.trust import (
    HostPort,
    Origin,
    parse_host,
    parse_ip,
    parse_networks,
    parse_origin,
    parse_origins,
    parse_proxies,
)

NO_ORIGIN = "is neither an origin, such as https://chat.example, nor *"
NULL = "null is every page that does not say where it is from; write * if all may"
NO_PROXY = "is neither an address nor a network, such as 10.0.0.0/8, nor unix"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chat.example", HostPort("chat.example", None)),
        ("Chat.Example:8080", HostPort("chat.example", 8080)),
        ("chat.example:", HostPort("chat.example", None)),
        ("127.0.0.1:80", HostPort("127.0.0.1", 80)),
        ("[::1]", HostPort("::1", None)),
        ("[0:0::0:1]:8080", HostPort("::1", 8080)),
        ("[2001:DB8::A]", HostPort("2001:db8::a", None)),
    ],
)
def test_a_host_header_is_read(text: str, expected: HostPort) -> None:
    assert parse_host(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", ":80", "a b", "a:b:1", "::1", "[::1", "[x]", "[1:2]", "a:123456", "a:-1"),
        *(
            "a/b",
            "a?b",
            "a#b",
            "me@a",
            "a, b",
            "a,b",
            "*",
            "münchen.example",
            "a\n",
            "a:\uff11",
        ),
    ],
)
def test_what_names_no_host_is_none(text: str) -> None:
    assert parse_host(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://chat.example", Origin("https", "chat.example", 443)),
        ("https://chat.example:443", Origin("https", "chat.example", 443)),
        ("http://chat.example", Origin("http", "chat.example", 80)),
        ("HTTP://CHAT.example:8080", Origin("http", "chat.example", 8080)),
        ("wss://chat.example", Origin("https", "chat.example", 443)),
        ("ws://chat.example", Origin("http", "chat.example", 80)),
        ("http://[::1]:8080", Origin("http", "::1", 8080)),
        ("chrome-extension://abcdef", Origin("chrome-extension", "abcdef", None)),
    ],
)
def test_an_origin_is_read_with_the_port_that_it_implies(text: str, expected: Origin) -> None:
    assert parse_origin(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "chat.example", "//chat.example", "https://", "file://", "https:chat"),
        *("https://a/", "https://a/b", "https://a b", "https://a, https://b", "https://[x]"),
        *("https://me@a", "https://a:b", " https://a", "https://a\n"),
    ],
)
def test_what_is_no_origin_is_none(text: str) -> None:
    assert parse_origin(text) is None


@pytest.mark.parametrize(
    "texts",
    [
        ["https://a.example", "http://b.example:81"],
        ["https://a.example http://b.example:81"],
        ["https://a.example,http://b.example:81"],
        ["https://a.example,", "http://b.example:81/"],
        "https://a.example:443, HTTP://B.example:81",
    ],
)
def test_origins_are_listed_with_spaces_or_commas_or_one_by_one(texts: Any) -> None:
    origins = parse_origins(texts)
    assert origins.listed == {
        Origin("https", "a.example", 443),
        Origin("http", "b.example", 81),
    }
    assert not origins.has_all


def test_an_origin_is_allowed_if_it_is_listed() -> None:
    origins = parse_origins(["https://a.example"])
    asked = ["https://a.example", "https://a.example:444", "http://a.example", "null"]
    assert [origins.allow(parse_origin(text)) for text in asked] == [True, False, False, False]


def test_a_star_allows_even_who_does_not_say_where_it_is_from() -> None:
    origins = parse_origins(["https://a.example", "*"])
    assert origins.allow(parse_origin("https://b.example"))
    assert origins.allow(parse_origin("null"))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            ("chat.example",),
            f"allow_origin: 'chat.example' {NO_ORIGIN}",
        ),
        (
            ("https://a.example/page",),
            f"allow_origin: 'https://a.example/page' {NO_ORIGIN}",
        ),
        (
            ("Null",),
            f"allow_origin: {NULL}",
        ),
        (5, "allow_origin: 5 is no list of texts"),
        ((5,), "allow_origin: (5,) is no list of texts"),
    ],
)
def test_an_origin_that_no_page_could_have_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(allow_origin=value)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            ("proxy.example",),
            f"trust_proxy: 'proxy.example' {NO_PROXY}",
        ),
        (
            ("10.0.0.1/8",),
            f"trust_proxy: '10.0.0.1/8' {NO_PROXY}",
        ),
        (
            ("0.0.0.0/0",),
            "trust_proxy: 0.0.0.0/0 is everybody, and then anybody could pass for another",
        ),
        (("::/0",), "trust_proxy: ::/0 is everybody, and then anybody could pass for another"),
        (None, "trust_proxy: None is no list of texts"),
    ],
)
def test_what_is_no_proxy_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(trust_proxy=value)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("texts", "trusted"),
    [
        ([], []),
        (["10.0.0.0/8"], ["10.1.2.3", "::ffff:10.1.2.3"]),
        (["10.1.2.3"], ["10.1.2.3", "::ffff:10.1.2.3"]),
        (["2001:db8::/32, 10.1.2.0/24"], ["2001:db8::1", "10.1.2.3", "::ffff:10.1.2.3"]),
        (["unix"], ["unix"]),
        ("unix 2001:db8::1", ["unix", "2001:db8::1"]),
    ],
)
def test_a_proxy_is_trusted_by_its_address_or_its_network(
    texts: Any, trusted: list[str]
) -> None:
    proxies = parse_proxies(texts)
    peers = ["unix", "2001:db8::1", "10.1.2.3", "::ffff:10.1.2.3", "192.0.2.1", "2001:db9::"]
    assert {peer for peer in peers if proxies.trust(parse_ip(peer))} == set(trusted)


def test_ipv4_that_ipv6_carries_is_ipv4() -> None:
    assert parse_ip("::ffff:192.0.2.1") == ipaddress.ip_address("192.0.2.1")
    assert parse_ip("2001:db8::1") == ipaddress.ip_address("2001:db8::1")
    assert parse_ip("unix") is None


def test_networks_stand_side_by_side_or_are_off() -> None:
    assert parse_networks("uncounted", "192.0.2.1 2001:db8::/32,10.0.0.0/8") == (
        IPv4Network("192.0.2.1/32"),
        IPv6Network("2001:db8::/32"),
        IPv4Network("10.0.0.0/8"),
    )
    assert parse_networks("uncounted", "off") == ()
