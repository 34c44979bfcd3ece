import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.wire.codec import UNDECODABLE, decode, encode, explain
from duologue.wire.messages import Chat, ClientMessage, Said


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "Input data was truncated"),
        ("hello", "JSON is malformed: invalid character (byte 0)"),
        ('{"type":"typing"} x', "JSON is malformed: trailing characters (byte 19)"),
        ("[]", "Expected `object`, got `array`"),
        ("null", "Expected `object`, got `null`"),
        ("{}", "Object missing required field `type`"),
        ('{"type":"dance"}', "Invalid value 'dance' - at `$.type`"),
        ('{"type":7}', "Expected `str` - at `$.type`"),
        ('{"type":"chat"}', "Object missing required field `content`"),
        ('{"type":"chat","content":7}', "Expected `str`, got `int` - at `$.content`"),
        ('{"type":"chat","content":null}', "Expected `str`, got `null` - at `$.content`"),
        pytest.param(
            '{"type":"typing","x":' + "[" * 100_000, "JSON is nested too deeply", id="nested"
        ),
    ],
)
def test_what_is_no_message_is_explained(text: str, where: str) -> None:
    with pytest.raises(UNDECODABLE) as caught:
        decode(text)
    assert explain(caught.value) == where


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(UNDECODABLE):
        decode('{"type":"chat","content":"\\ud83d"}')


def test_an_explanation_does_not_grow_with_what_it_quotes() -> None:
    with pytest.raises(UNDECODABLE) as caught:
        decode(json.dumps({"type": "x" * 10_000}))
    assert len(explain(caught.value)) == 200


@given(st.text())
def test_any_text_is_either_a_message_or_refused(text: str) -> None:
    with contextlib.suppress(*UNDECODABLE):
        assert isinstance(decode(text), ClientMessage)


@given(st.text(), st.booleans())
def test_any_content_goes_through_unchanged(content: str, escaped: bool) -> None:
    heard = decode(json.dumps({"type": "chat", "content": content}, ensure_ascii=escaped))
    assert heard == Chat(content)
    passed_on = json.loads(encode(Said("Alice", content)))
    assert passed_on == {"type": "chat", "from": "Alice", "content": content}
