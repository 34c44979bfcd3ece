"""Room codes: six characters that people can say aloud, or a few more.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html):
digits and upper-case letters without I, L, O and U, which are easily
mistaken for others.
"""

from collections.abc import Callable, Iterator
from typing import NewType

RoomCode = NewType("RoomCode", str)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
"""How long a code is where nothing else was set."""

MOST_CODE_LENGTH = 10

_MOST_TYPED_CHARS = 64
"""No person types more for six characters, and translating takes its time."""

_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})


def generate(random_bytes: Callable[[int], bytes], length: int = CODE_LENGTH) -> RoomCode:
    """Make a code, each of the `32**length` equally likely.

    Args:
        random_bytes: Returns that many bytes from a cryptographic source.
        length: How many characters it has.
    """
    # 32 divides 256, so the low five bits of a byte are a fair choice.
    return RoomCode("".join(ALPHABET[byte & 31] for byte in random_bytes(length)))


def candidates(typed: str) -> Iterator[RoomCode]:
    """Yield the codes that a person may have meant, the likeliest first.

    A code as it was typed goes before one with look-alikes read as the
    characters they stand for and with spaces and hyphens left out.
    """
    if len(typed) > _MOST_TYPED_CHARS:
        return
    as_typed = typed.upper()
    yield RoomCode(as_typed)
    yield RoomCode(as_typed.translate(_LOOKALIKES))
