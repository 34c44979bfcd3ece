import pytest

from duologue.client.reading import Unreadable, read
from duologue.wire import v1


def test_a_message_is_read() -> None:
    assert read('{"type":"pong"}') == v1.Pong()
    assert read('{"type":"sent","pairing":1,"id":7,"new":true}') == v1.Sent(1, 7)


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"reaction","id":7}',
        '{"type":"error","code":"rate_limited","message":"Slow down"}',
    ],
)
def test_what_only_a_later_server_can_mean_is_passed_over(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"type":7}',
        '{"type":"sent","pairing":1}',
        '{"type":"sent","pairing":1,"id":"7"}',
        '{"type":"error","code":"no_partner","message":7}',
        '{"id":7}',
        "[" * 100_000,
    ],
)
def test_nonsense_is_not_passed_over(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)
