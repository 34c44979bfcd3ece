"""The lines of a run in `duologue.v1`: numbered chats, and the receipts for them.

Numbers only grow, and each chat carries the moment at which the server took it, so no table of
whole reads can be kept as for the reference protocol (script.py). What can be known before is
the frame of each number up to that moment; the rest of the frame is a time and nothing else.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from duologue.bench.crowd import Pair
from duologue.bench.dialects import Message
from duologue.bench.frames import masked, plain
from duologue.bench.link import Link
from duologue.errors import LoadError

PAIRING = 1
"""The first two people in a room are its first pairing."""

SAMPLE = 1
"""The number of the chat that everybody says before the run."""

AT = re.compile(rb',"at":\d{13}\}')
"""The end of each chat, where the time is."""

_SAMPLE_AT = b',"at":0000000000000}'
_SAMPLE = re.compile(rb'(.*"id":)1(,"content":").*(")' + AT.pattern, re.DOTALL)
_ACKNOWLEDGEMENT = re.compile(
    rb'(\x81(.)\{"type":"(sent|delivered)","pairing":%d,"id":([1-9]\d*)\})' % PAIRING, re.DOTALL
)
_PREPARED = 16_384
_PREPARED_BYTES = 32 << 20
_MORE = 1 / 64
_SLOT_DIGITS = 4


class Acknowledgement(NamedTuple):
    """Everything up to `number` is `sent`, or `delivered`."""

    type: bytes
    number: int


def acknowledgements(data: bytes) -> list[Acknowledgement] | None:
    """Return what `data` acknowledges; None unless it is whole acknowledgements, end to end."""
    found = _ACKNOWLEDGEMENT.findall(data)
    if sum(len(frame) for frame, *_ in found) != len(data):
        return None
    if any(size[0] != len(frame) - 2 for frame, size, *_ in found):
        return None
    return [Acknowledgement(type_, int(number)) for _, _, type_, number in found]


class Hearer(Protocol):
    """Someone who has heard so many chats."""

    number: int


class Lines:
    """What one seat hears and its partner says; number n is at index n - 1.

    Attributes:
        heard: The server's frames, each without its time and what is behind it.
        said: The partner's frames for the same chats.
        receipts: What says that everything up to this chat was received.
        hearers: Who hears them; what all have behind them is forgotten.
    """

    def __init__(self, sample: re.Match[bytes], link: Link, payload_bytes: int) -> None:
        """Write the lines of a long run, in the server's own spelling of the sample."""
        self._parts = sample.groups()
        self._encode = link.dialect.encode
        self._payload_bytes = payload_bytes
        self.heard: list[bytes] = []
        self.said: list[bytes] = []
        self.receipts: list[bytes] = []
        self.hearers: list[Hearer] = []
        self._forgotten = 0
        prepared = min(_PREPARED, _PREPARED_BYTES // payload_bytes)
        self._more = max(1, int(_MORE * prepared))
        self.reach(prepared)

    def reach(self, number: int) -> None:
        """Write on until there is a line of this number, and some more."""
        if number > len(self.said):
            for each in range(len(self.said) + 1, number + self._more + 1):
                self._write(each)
            self._forget()

    def _forget(self) -> None:
        past = min((hearer.number for hearer in self.hearers), default=1) - 1
        for lines in (self.heard, self.said, self.receipts):
            lines[self._forgotten : past] = [b""] * (past - self._forgotten)
        self._forgotten = past

    def _write(self, number: int) -> None:
        content = content_of(number, self._payload_bytes)
        before, between, behind = self._parts
        text = b"%b%d%b%b%b" % (before, number, between, content.encode(), behind)
        self.heard.append(plain(text + _SAMPLE_AT)[: -len(_SAMPLE_AT)])
        ids: dict[str, object] = {"pairing": PAIRING, "id": number}
        self.said.append(masked(self._encode("chat", {**ids, "content": content}).encode()))
        self.receipts.append(masked(self._encode("received", ids).encode()))


class Author:
    """Writes the lines for each seat; seats whose frames look the same share them."""

    def __init__(self, payload_bytes: int) -> None:
        """Prepare contents of `payload_bytes`."""
        if payload_bytes < _SLOT_DIGITS:
            raise LoadError(f"the payload must be at least {_SLOT_DIGITS} bytes")
        self._payload_bytes = payload_bytes
        self._written: dict[bytes, Lines] = {}

    def for_pair(self, pair: Pair) -> tuple[Lines, Lines]:
        """Let both say one chat, to see how this server relays it; return both's lines."""
        content = content_of(SAMPLE, self._payload_bytes)
        for link in pair:
            link.say("chat", pairing=PAIRING, id=SAMPLE, content=content)
        first, second = (self._hear_sample(link, content) for link in pair)
        for link in pair:
            link.say("received", pairing=PAIRING, id=SAMPLE)
        for link in pair:
            link.hear("delivered")
        return first, second

    def _hear_sample(self, link: Link, content: str) -> Lines:
        both = [link.hear_raw(), link.hear_raw()]
        both.sort(key=lambda heard: heard[0].type)
        (chat, raw), (sent, _) = both
        if not _is_sample(chat, content) or sent.type != "sent":
            raise LoadError(f"a chat came back as {chat} and {sent}")
        text = raw[raw.index(b"{") :]
        sample = _SAMPLE.fullmatch(text)
        if sample is None:
            raise LoadError(f"a chat came back in an order of its own: {text[:200]!r}")
        spelling = b"".join(sample.groups())
        if spelling not in self._written:
            self._written[spelling] = Lines(sample, link, self._payload_bytes)
        return self._written[spelling]


def content_of(number: int, payload_bytes: int) -> str:
    """Return what chat `number` says."""
    return f"{number % 10**_SLOT_DIGITS:0{_SLOT_DIGITS}}".ljust(payload_bytes, "x")


def _is_sample(chat: Message, content: str) -> bool:
    expected = {"pairing": PAIRING, "id": SAMPLE, "content": content}
    return chat.type == "chat" and expected.items() <= chat.fields.items()
