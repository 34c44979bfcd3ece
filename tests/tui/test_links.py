"""Which parts of a message a terminal may open."""

import pytest

from duologue.tui.links import Found, links


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("www.example.org!", ["https://www.example.org"]),
        ("HTTP://EXAMPLE.ORG", ["HTTP://EXAMPLE.ORG"]),
        ("http://a.example, http://b.example", ["http://a.example", "http://b.example"]),
        ("“https://example.org”、", ["https://example.org"]),
        ("https://user@evil.example/", []),
        ("javascript:alert(1) ftp://x.example www.x mail@www.example.org", []),
        ("https://", []),
        ("xhttps://example.org", []),
    ],
)
def test_addresses_in_a_text(text: str, urls: list[str]) -> None:
    assert [link.url for link in links(text)] == urls


def test_a_link_says_where_it_stands() -> None:
    assert list(links("a www.b.example c")) == [Found(2, 15, "https://www.b.example")]
