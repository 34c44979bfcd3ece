"""What a returning person shows: who sits where, sealed so that only we can read it.

The seal is AES-256-GCM (RFC 5116) with a random nonce of 96 bits. By NIST SP
800-38D one secret is good for 2**32 tickets; ten thousand people who stay
connected need some 20,000 a day each year's day, so rotate it now and then.
"""

import base64
from collections.abc import Callable, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NO_TICKETS = ""
"""The `partner_id` of someone who cannot come back: a reference client."""

_PURPOSE = b"duologue ticket 1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_LONGEST_CHARS = 12 * 1024


class Seating(msgspec.Struct, array_like=True, frozen=True):
    """What a ticket says.

    Attributes:
        code: The room's code.
        room_id: Tells rooms apart that had the same code; 16 random bytes.
        place: Which of the two seats: 0 or 1.
        pairing: Which meeting of two people in this room.
        client_id: Who sits there.
        username: Under which name.
        partner_id: Who sits opposite; None if nobody does.
        partner: Under which name.
        issued_at: When this was written, in milliseconds since 1970.
    """

    code: str
    room_id: bytes
    place: int
    pairing: int
    client_id: str
    username: str
    partner_id: str | None
    partner: str | None
    issued_at: int


class Tickets:
    """Seals seatings and opens them again.

    Args:
        secrets: The newest seals, all open. Any servers with the same secrets
            honour each other's tickets.
        random_bytes: Returns that many bytes from a cryptographic source.
        life_s: How long a ticket is good.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        random_bytes: Callable[[int], bytes],
        life_s: float,
    ) -> None:
        self._ciphers = [AESGCM(_key(secret)) for secret in secrets]
        self._random_bytes = random_bytes
        self._life_ms = life_s * 1000

    def seal(self, seating: Seating) -> str:
        """Make a ticket."""
        nonce = self._random_bytes(_NONCE_BYTES)
        content = msgspec.msgpack.encode(seating)
        sealed = self._ciphers[0].encrypt(nonce, content, _PURPOSE)
        return _to_text(nonce + sealed)

    def open(self, ticket: str, now_ms: int) -> Seating | None:
        """Return what a ticket says; None if it is not ours, not whole or too old."""
        content = self._unseal(ticket)
        if content is None:
            return None
        seating = msgspec.msgpack.decode(content, type=Seating)
        return seating if now_ms < seating.issued_at + self._life_ms else None

    def _unseal(self, ticket: str) -> bytes | None:
        """Return what is under the seal; quickly None if the seal is not ours."""
        if len(ticket) > _LONGEST_CHARS:
            return None
        try:
            sealed = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
        except ValueError:
            return None
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for cipher in self._ciphers:
            try:
                unsealed = cipher.decrypt(nonce, content, _PURPOSE)
            except (InvalidTag, ValueError):  # A nonce that is cut short is a ValueError.
                continue
            # Base64 has several spellings for the same bytes, of which we write one.
            return unsealed if _to_text(sealed) == ticket else None
        return None


def _key(secret: str) -> bytes:
    """Make a key of a secret of any length (RFC 5869)."""
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(secret.encode())


def _to_text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
