"""Lines come out whole and numbered, however the bytes come in."""

from hypothesis import given
from hypothesis import strategies as st

from duologue.terminal.splitting import MOST_BYTES, Line, Splitter


def split(*chunks: bytes) -> list[Line]:
    splitter = Splitter()
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    return [*lines, *splitter.end()]


def test_lines_end_with_either_end_and_the_last_may_lack_it() -> None:
    assert split(b"a\r\nb\n\nc") == [Line(1, "a"), Line(2, "b"), Line(3, ""), Line(4, "c")]


def test_nothing_has_no_line() -> None:
    assert split() == []
    assert split(b"") == []


def test_a_line_is_put_together_even_where_a_character_was_cut() -> None:
    first, second = "안".encode()[:1], "안".encode()[1:]
    assert split(b"ab", first, second + b"\n") == [Line(1, "ab안")]


def test_what_is_not_utf_8_is_refused_alone() -> None:
    assert split(b"a\n\xff\nb") == [Line(1, "a"), Line(2, None, "not UTF-8"), Line(3, "b")]


def test_what_is_longer_than_any_server_takes_is_refused_and_not_gathered() -> None:
    splitter = Splitter()
    for _ in range(5):
        assert splitter.feed(b"x" * MOST_BYTES) == []
        assert len(splitter._rest) <= MOST_BYTES
    why = f"longer than {MOST_BYTES} bytes"
    assert splitter.feed(b"\nb\n") == [Line(1, None, why), Line(2, "b")]
    assert splitter.end() == []
    assert split(b"x" * (MOST_BYTES + 1)) == [Line(1, None, why)]


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"))), st.data())
def test_every_cut_gives_the_same_lines(texts: list[str], data: st.DataObject) -> None:
    whole = "".join(f"{text}\n" for text in texts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert split(*chunks) == [Line(number, text) for number, text in enumerate(texts, 1)]
