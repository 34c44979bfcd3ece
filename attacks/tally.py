"""What happened to attackers, counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_SAID = re.compile(rb'\{"type":"(\w+)"(?:,"code":"(\w+)")?')
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@dataclass
class Tally:
    """What the server did to one attack.

    Attributes:
        opened: TCP connections that stood.
        sent_bytes: What the server's side of them took.
        counts: How often what was seen: statuses of HTTP (`http 101`), types of
            messages, codes of errors (`error room_full`), ends (`close 1009`;
            `cut` is an end without a CLOSE).
    """

    opened: int = 0
    sent_bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def note_status(self, head: bytes) -> int:
        """Count the answer to a request; return its status."""
        match = _STATUS.match(head)
        status = int(match[1]) if match else 0
        self.counts[f"http {status}"] += 1
        return status

    def skim(self, heard: bytes) -> None:
        """Count messages in what was heard without taking it apart."""
        for type_, code in _SAID.findall(heard):
            self.counts[f"{type_.decode()} {code.decode()}".strip()] += 1

    def note_end(self, last: bytes) -> None:
        """Count how a connection ended, after these last bytes."""
        code = close_code(last)
        self.counts[f"close {code}" if code else "cut"] += 1

    def summary(self, most: int = 6) -> str:
        """Say in a line what the server did, the most frequent first."""
        seen = (f"{count:,} {what}" for what, count in self.counts.most_common(most))
        return ", ".join(seen) or "nothing"


def close_code(last: bytes) -> int | None:
    """Return the code of a CLOSE that stands at the very end."""
    if len(last) >= 4 and last[-4:-2] == b"\x88\x02":
        return int.from_bytes(last[-2:], "big")
    return None
