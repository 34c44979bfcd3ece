import json
import logging
import sys
from typing import Any

import pytest

from duologue.server.layout import JsonLayout, TextLayout, fault, rfc3339
from duologue.server.log import facts


def record(message: str, *args: object, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("duologue", logging.WARNING, "", 0, message, args, None)
    made.created = 1_700_000_000.0625
    vars(made).update(more)
    return made


def test_text_is_a_line_with_time_and_level() -> None:
    line = TextLayout().format(record("hello %d", 7))
    assert line[10:11] == " "
    assert line.endswith(" WARNING hello 7")


def test_json_is_an_object_with_time_level_words_and_facts() -> None:
    line = JsonLayout().format(record("hello\n%d", 7, **facts(event="hello", number=7)))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.062Z",
        "level": "warning",
        "message": "hello\n7",
        "event": "hello",
        "number": 7,
    }


def test_a_moment_is_written_in_utc() -> None:
    assert rfc3339(0) == "1970-01-01T00:00:00.000Z"
    assert rfc3339(1_700_000_000.9999) == "2023-11-14T22:13:20.999Z"


def failure() -> Any:
    """Fail because of what someone said, because of something else."""
    try:
        try:
            json.loads("secret words")
        except json.JSONDecodeError as error:
            error.add_note("secret note")
            raise ValueError("secret words") from error
    except ValueError:
        return sys.exc_info()


def test_an_exception_is_told_by_kind_and_place_without_its_words() -> None:
    told = fault(failure())
    assert "ecret" not in told.replace('json.loads("secret words")', "").replace(
        'raise ValueError("secret words") from error', ""
    ).replace('error.add_note("secret note")', "")
    kinds = [line for line in told.splitlines() if not line.startswith((" ", "Traceback"))]
    assert kinds == ["ValueError", "after", "JSONDecodeError"]
    assert "test_layout.py" in told


def test_an_error_of_the_system_is_told_with_its_name() -> None:
    error = OSError(24, "secret words")
    told = fault((OSError, error, None))
    assert told.splitlines() == ["Traceback (most recent call last):", "OSError [EMFILE]"]


def test_an_error_that_led_to_itself_is_told_once() -> None:
    error = ValueError()
    other = KeyError()
    error.__context__, other.__context__ = other, error
    assert fault((ValueError, error, None)).count("ValueError") == 1


def test_what_was_hidden_on_purpose_stays_hidden() -> None:
    try:
        try:
            int("x")
        except ValueError:
            raise KeyError from None
    except KeyError:
        assert "ValueError" not in fault(sys.exc_info())


@pytest.mark.parametrize("layout", [TextLayout(), JsonLayout()])
def test_no_layout_shows_an_exceptions_words(layout: logging.Formatter) -> None:
    try:
        int("hush".upper())
    except ValueError:
        line = layout.format(record("it failed", exc_info=sys.exc_info()))
    assert "HUSH" not in line
    assert "ValueError" in line
    assert "it failed" in line
