"""What proxies say of a request: who sent it, and to which host.

Pure reading of Forwarded (RFC 7239) and X-Forwarded-For. Each proxy adds to
the right end who it heard from, so only what trusted ones wrote counts: it is
read from there, up to the first address that is no trusted proxy's. What
stands left of that one is the client's own writing, and is not believed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from duologue.trust import IPAddress, Proxies, parse_ip

Headers = Iterable[tuple[bytes, bytes]]

NAMES = frozenset({b"forwarded", b"x-forwarded-for"})
"""The headers that say who a client is."""


class Account(NamedTuple):
    """What trusted proxies say of a request.

    Attributes:
        client: Who sent it; None if nobody says so in words that can be read.
        host: Which host it was for; None if nobody says so.
        is_contradictory: Whether both headers are there and name two clients.
    """

    client: IPAddress | None
    host: str | None
    is_contradictory: bool = False


class _Hop(NamedTuple):
    """One proxy's word: who it heard from, as it is written, and for which host."""

    sender: str | None
    host: str | None = None


_UNREADABLE = _Hop(None)

# Nobody comes over so many proxies. To read all that fits into a request's head would
# keep everyone else waiting for tens of milliseconds.
_MOST_HOPS = 32
_LONGEST = 1024
_LONGEST_NODE = 128

_PART = re.compile(
    r"[ \t]*(?:(?P<name>[!#$%&'*+.^_`|~0-9a-z-]+)="
    r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s",;=]+)))?'
    r"[ \t]*(?P<end>[;,]|\Z)",
    re.IGNORECASE,
)
_NODE = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<v4>[0-9.]+))(?::(?:[0-9]{1,5}|_[0-9a-z._-]+))?",
    re.IGNORECASE,
)


def read(headers: Headers, proxies: Proxies) -> Account:
    """Read what a request's headers say, if a trusted proxy sent it.

    Where both headers are there, they must name the same client: a proxy that
    writes only one of them may pass on the other as its client wrote it.
    """
    lines = [(name, value.decode("latin-1")) for name, value in headers]
    forwarded = [value for name, value in lines if name == b"forwarded"]
    others = [value for name, value in lines if name == b"x-forwarded-for"]
    hosts = [value for name, value in lines if name == b"x-forwarded-host"]
    host = hosts[0].partition(",")[0].strip() if hosts else None
    if not forwarded:
        return Account(_trace(_listed(others), proxies)[0], host)
    client, told = _trace(_elements(forwarded), proxies)
    if not others:
        return Account(client, told or host)
    other, _ = _trace(_listed(others), proxies)
    if client != other:
        return Account(None, host, is_contradictory=True)
    return Account(client, told or host)


def _trace(hops: Iterable[_Hop], proxies: Proxies) -> tuple[IPAddress | None, str | None]:
    """Go from proxy to proxy, from the nearest, up to whoever is none of ours."""
    client, host = None, None
    for hop in hops:
        client, host = _node(hop.sender), hop.host
        if client is None or not proxies.trust(client):
            break
    return client, host


def _listed(lines: list[str]) -> Iterator[_Hop]:
    """Yield what X-Forwarded-For lists, the nearest first."""
    # What is left of the last in one piece has commas in it, so it is no address.
    for item in reversed(",".join(lines).rsplit(",", _MOST_HOPS)):
        if item.strip():
            yield _Hop(item.strip(' \t"'))


def _elements(lines: list[str]) -> Iterator[_Hop]:
    """Yield what Forwarded lists, the nearest first; a line that is wrong is one hop."""
    if sum(map(len, lines)) > _LONGEST:
        yield _UNREADABLE
        return
    for line in reversed(lines):
        yield from reversed(_parse(line))


def _parse(line: str) -> list[_Hop]:
    """Read one line (RFC 7239 section 4)."""
    hops: list[_Hop] = []
    element: dict[str, str] = {}
    at = 0
    while True:
        part = _PART.match(line, at)
        if part is None:
            return [_UNREADABLE]
        if part["name"]:
            name = part["name"].lower()
            if name in element:
                return [_UNREADABLE]
            quoted = part["quoted"]
            unquoted = part["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            element[name] = unquoted
        if part["end"] != ";":
            if element:
                hops.append(_Hop(element.get("for"), element.get("host")))
            element = {}
        if not part["end"]:
            return hops
        at = part.end()


def _node(text: str | None) -> IPAddress | None:
    """Read an address, with or without a port; None for `unknown`, `_hidden` and nonsense."""
    if text is None or len(text) > _LONGEST_NODE:
        return None
    match = _NODE.fullmatch(text)
    if match is None:
        return parse_ip(text) if "%" not in text else None
    return parse_ip(match["v6"] or match["v4"])
