"""Tickets: none is good that we did not seal, however near to one of ours it comes."""

import base64
import itertools
from collections.abc import Iterable

from duologue.core.ticket import Seating, Tickets

MOST_BYTES = 14_000

NOW_MS = 1_000_000
LIFE_S = 1000.0


def _sealer(*secrets: str) -> Tickets:
    drawn = itertools.count()
    return Tickets(secrets, lambda size: next(drawn).to_bytes(size, "big"), LIFE_S)


OURS = _sealer("the newest secret of this server", "the one before, that opens too")
BEFORE = _sealer("the one before, that opens too")
THEIRS = _sealer("a secret that somebody else has made up")

SEATINGS = [
    Seating("8RZ0MQ", bytes(16), 0, 1, "a" * 36, "Alice", "b" * 36, "Bob", NOW_MS),
    Seating("ZZZZZZ", bytes(range(16)), 1, 2**40, "c" * 36, "한" * 64, None, None, NOW_MS),
]
GOOD = {
    sealer.seal(seating): seating for seating in SEATINGS for sealer in (OURS, OURS, BEFORE)
}
FORGED = [THEIRS.seal(seating) for seating in SEATINGS]
TEXTS = [*GOOD, *FORGED]


def seeds() -> Iterable[bytes]:
    """Begin with tickets as they are, and with a few changes to them."""
    for number, text in enumerate(TEXTS):
        yield b"t" + text.encode()
        yield b"t" + text.encode() + b"="
        yield b"t" + text.encode()[:-1]
        for kind in b"bcsx":
            yield bytes((kind, number, 0, 1, 12, 128, 30, 7))
    yield b"t"
    yield b"t" + "é".encode() * 40
    yield b"t" + b"A" * 13_000


def try_one(data: bytes) -> None:
    """Make a ticket of it, and try to sit down with that."""
    ticket = made_of(data)
    opened = OURS.open(ticket, NOW_MS)
    assert opened == GOOD.get(ticket), "a ticket is good that was never sealed"
    assert OURS.open(ticket, NOW_MS + int(LIFE_S * 1000)) is None, "a ticket is for ever"


def made_of(data: bytes) -> str:
    """Make a ticket: from nothing, or by changes to one that is good.

    The first byte says how: as text, or by changes to the bytes of one, to the
    characters of one, by a seam between two, or with something put in.
    """
    kind, number, rest = data[:1], data[1:2] or b"\0", data[2:]
    if kind == b"t":
        return data[1:].decode(errors="replace")
    text = TEXTS[number[0] % len(TEXTS)]
    if kind == b"s":
        other = TEXTS[(rest[:1] or b"\0")[0] % len(TEXTS)]
        at = int.from_bytes(rest[1:3], "big") % (len(text) + 1)
        return text[:at] + other[at:]
    if kind == b"x":
        at = int.from_bytes(rest[:2], "big") % (len(text) + 1)
        return text[:at] + rest[2:].decode(errors="replace") + text[at:]
    if kind == b"c":
        return _changed(text.encode(), rest).decode("latin-1")
    sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return base64.urlsafe_b64encode(_changed(sealed, rest)).rstrip(b"=").decode()


def _changed(whole: bytes, changes: bytes) -> bytes:
    """Flip bits: two bytes say where, one says which."""
    changed = bytearray(whole)
    for high, low, bits in zip(changes[0::3], changes[1::3], changes[2::3], strict=False):
        changed[(high << 8 | low) % len(changed)] ^= bits
    return bytes(changed)
