"""Codes for eyes and ears."""

from duologue.tui.spelling import grouped, spelled
from duologue.wire.codes import ALPHABET


def test_a_code_is_said_in_words() -> None:
    assert spelled("a1x") == "Alfa One X-ray"
    assert all(
        word != symbol for word, symbol in zip(spelled(ALPHABET).split(), ALPHABET, strict=True)
    )


def test_a_code_is_read_in_groups() -> None:
    codes = ["", "ABC", "ABC123", "ABCD123", "ABCD1234", "ABC123DEF", "ABCD123DEF"]
    assert [grouped(code) for code in codes] == [
        "",
        "ABC",
        "ABC 123",
        "ABCD 123",
        "ABCD 1234",
        "ABC 123 DEF",
        "ABCD 123 DEF",
    ]


def test_what_has_no_word_stands_for_itself() -> None:
    assert spelled("?") == "?"
