from types import SimpleNamespace
from typing import Any

import pytest

from duologue.bench import numbered
from duologue.bench.dialects import DIALECTS
from duologue.bench.frames import plain
from duologue.bench.numbered import Acknowledgement, Author, Lines, acknowledgements, content_of
from duologue.errors import LoadError


def said(type_: bytes, number: int, pairing: int = 1) -> bytes:
    return plain(b'{"type":"%b","pairing":%d,"id":%d}' % (type_, pairing, number))


def test_acknowledgements_are_read_end_to_end() -> None:
    assert acknowledgements(said(b"sent", 7) + said(b"delivered", 12)) == [
        Acknowledgement(b"sent", 7),
        Acknowledgement(b"delivered", 12),
    ]
    assert acknowledgements(b"") == []


@pytest.mark.parametrize(
    "data",
    [
        said(b"sent", 7)[:-1],
        said(b"sent", 7) + b"x",
        said(b"read", 7),
        said(b"sent", 0),
        said(b"sent", 7, pairing=2),
        said(b"sent", 77).replace(b"77", b"7"),
    ],
)
def test_anything_else_is_none(data: bytes) -> None:
    assert acknowledgements(data) is None


class Hearer:
    number = 1


def test_lines_reach_as_far_as_needed_and_what_all_have_heard_is_forgotten() -> None:
    sample = numbered._SAMPLE.fullmatch(
        b'{"type":"chat","from":"Bob","pairing":1,"id":1,"content":"0001","at":1234567890123}'
    )
    assert sample is not None
    link: Any = SimpleNamespace(dialect=DIALECTS["v1"])
    lines = Lines(sample, link, 1 << 20)
    lines.hearers += [Hearer(), Hearer()]
    prepared = len(lines.said)
    assert prepared == 33
    lines.hearers[0].number = 40
    lines.hearers[1].number = 30
    lines.reach(prepared + 5)
    assert len(lines.said) == len(lines.heard) == len(lines.receipts) == prepared + 6
    assert [n for n, line in enumerate(lines.receipts) if line] == list(range(29, 39))
    assert [n for n, line in enumerate(lines.said) if line] == list(range(29, 39))
    assert b'"id":30,"content":"0030xx' in lines.heard[29]
    lines.reach(3)
    assert len(lines.said) == prepared + 6


def test_a_content_tells_its_number() -> None:
    assert content_of(7, 8) == "0007xxxx"
    assert content_of(12_345, 4) == "2345"


def test_contents_have_room_for_their_numbers() -> None:
    with pytest.raises(LoadError, match="at least 4 bytes"):
        Author(3)
