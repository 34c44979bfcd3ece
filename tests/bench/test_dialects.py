import pytest

from duologue.bench.dialects import DIALECTS, Message, compact
from duologue.bench.load import Protocol


@pytest.mark.parametrize("name", ["v1", "reference"])
def test_a_message_survives_its_text(name: Protocol) -> None:
    dialect = DIALECTS[name]
    text = dialect.encode("chat", {"content": "안녕"})
    assert text == '{"type":"chat","content":"안녕"}'
    assert dialect.decode(text) == Message("chat", {"type": "chat", "content": "안녕"})
    assert dialect.heartbeat_answer(text) is None


@pytest.mark.parametrize("text", ["[]", '"hi"', '{"kind":"chat"}', "hi"])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a message|Expecting value"):
        DIALECTS["v1"].decode(text)


def test_v1_is_asked_for_and_numbered() -> None:
    v1, reference = DIALECTS["v1"], DIALECTS["reference"]
    assert (v1.subprotocol, v1.is_numbered) == ("duologue.v1", True)
    assert (reference.subprotocol, reference.is_numbered) == (None, False)


def test_json_is_compact() -> None:
    assert compact({"a": [1, "é"]}) == '{"a":[1,"é"]}'
