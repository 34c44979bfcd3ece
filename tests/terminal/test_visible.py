"""Nothing that a stranger says drives the terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from duologue.terminal.visible import visible, visible_line

DIRECTION = {
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
}


def test_what_drives_a_terminal_becomes_a_picture_of_itself() -> None:
    assert visible("\x1b[2J\x07 \x9b31m \x7f\r") == "␛[2J␇ �31m ␡␍"


def test_what_turns_the_text_around_is_left_out() -> None:
    assert visible("a\u202eb\u2066c") == "abc"


def test_words_lines_tabs_and_pictures_stay_as_they_are() -> None:
    text = "안녕, Bob!\n\t\u05e9\u05dc\u05d5\u05dd 👩‍👩‍👧 e\u0301 \u200f"
    assert visible(text) == text


def test_a_name_is_one_line() -> None:
    assert visible_line(" Eve\n\u2028 of\tnowhere\x1b ") == "Eve of nowhere␛"


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    left = {
        character
        for character in visible(text)
        if character in DIRECTION
        or (unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"})
    }
    assert left <= {"\n", "\t"}
