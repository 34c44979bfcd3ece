from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.errors import ProtocolViolation
from duologue.wire.fragments import Fragments


def cut(whole: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(at % (len(whole) + 1) for at in cuts), len(whole)]
    return [whole[start:end] for start, end in pairwise(bounds)]


def put_together(pieces: list[bytes], *, is_text: bool, limit_bytes: int = 1000) -> str | bytes:
    fragments = Fragments(is_text=is_text, limit_bytes=limit_bytes)
    for number, piece in enumerate(pieces, 1):
        fragments.add(piece, is_last=number == len(pieces))
    return fragments.whole()


@given(st.text(max_size=50), st.lists(st.integers(min_value=0), max_size=9))
def test_text_comes_out_whole_wherever_it_was_cut(text: str, cuts: list[int]) -> None:
    assert put_together(cut(text.encode(), cuts), is_text=True) == text


@given(st.binary(max_size=50), st.lists(st.integers(min_value=0), max_size=9))
def test_bytes_come_out_whole_wherever_they_were_cut(data: bytes, cuts: list[int]) -> None:
    assert put_together(cut(data, cuts), is_text=False) == data


@pytest.mark.parametrize(
    "pieces", [[b"ok\xff"], [b"\xe2\x98"], [b"\xe2", b"\x98"], [b"\xed\xa0\x80"]]
)
def test_what_is_not_utf8_is_a_violation(pieces: list[bytes]) -> None:
    with pytest.raises(ProtocolViolation) as caught:
        put_together(pieces, is_text=True)
    assert caught.value.close_code == 1007


def test_bytes_that_cannot_be_utf8_are_noticed_before_the_end() -> None:
    fragments = Fragments(is_text=True, limit_bytes=100)
    with pytest.raises(ProtocolViolation):
        fragments.add(b"\xff", is_last=False)


def test_the_limit_is_on_the_whole_and_is_itself_allowed() -> None:
    assert put_together([b"abc", b"de"], is_text=True, limit_bytes=5) == "abcde"
    with pytest.raises(ProtocolViolation) as caught:
        put_together([b"abc", b"def"], is_text=True, limit_bytes=5)
    assert caught.value.close_code == 1009
