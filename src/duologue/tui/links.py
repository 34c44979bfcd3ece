"""Web addresses in a message, so that a terminal can open them. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_EAST_ASIAN_PUNCTUATION = (
    "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
_QUOTES = '<>"\u00ab\u00bb\u2018-\u201f\u2039\u203a'
_ADDRESS = re.compile(
    rf"(?<![\w@./-])(?:https?://|www\.)[^\s\u2026{_QUOTES}{_EAST_ASIAN_PUNCTUATION}]+",
    re.IGNORECASE,
)
_TRAILING = ".,:;!?'*_~([{"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))


class Found(NamedTuple):
    """Where in the text an address stands, and where it leads."""

    start: int
    end: int
    url: str


def links(text: str) -> Iterator[Found]:
    """Yield the addresses in a text; only http and https are any."""
    for match in _ADDRESS.finditer(text):
        address = _meant(match[0])
        host = address.partition("://")[2] or address
        # A name before the host would hide where it leads.
        if not host.strip("/.") or "@" in host.partition("/")[0] or _is_bare(address):
            continue
        url = address if "://" in address else f"https://{address}"
        yield Found(match.start(), match.start() + len(address), url)


def _is_bare(address: str) -> bool:
    return "://" not in address and address.count(".") < 2


def _meant(address: str) -> str:
    """Leave out the punctuation of the sentence around it, and brackets it did not open."""
    for opening, closing in _PAIRS:
        while address.count(closing) > address.count(opening):
            address = address[: address.rindex(closing)]
    return address.rstrip(_TRAILING)
