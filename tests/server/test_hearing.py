from duologue.server.hearing import DEAF, Session


def test_nobody_takes_no_notice_of_anything_that_can_happen() -> None:
    DEAF.receive("a message")
    DEAF.receive_binary(b"a binary one")
    DEAF.reject("here")
    DEAF.pong()
    DEAF.stall(0.0)
    DEAF.drain()
    DEAF.fail()
    DEAF.lost()
    inputs = {name for name in vars(Session) if not name.startswith("_")}
    assert inputs == {name for name in vars(type(DEAF)) if not name.startswith("_")}
