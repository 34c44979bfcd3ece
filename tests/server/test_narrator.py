import pytest
from tests.support.stage import Stage

from duologue.server.narrator import Narrator
from duologue.wire.messages import Chat


def test_every_input_is_told_and_passed_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="duologue")
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    narrator = Narrator(alice.session, number=7)
    narrator.receive(Chat("secret"))
    narrator.receive_binary(b"secret")
    narrator.reject("secret")
    narrator.pong()
    narrator.stall(1.0)
    narrator.drain()
    narrator.lost()
    narrator.fail()
    assert [name for name, _ in stage.heard()] == ["Bob", "Alice", "Alice", "Bob", "Alice"]
    assert [record.getMessage() for record in caplog.records] == [
        "connection 7 says chat",
        "connection 7 sends a binary message",
        "connection 7 says what is no message",
        "connection 7 answers a ping",
        "connection 7 does not read",
        "connection 7 reads again",
    ]
    assert "secret" not in caplog.text
    assert bob.session.seat is not None
