from duologue.client.typing_state import OwnTyping, PartnerTyping
from duologue.wire import v1


def test_own_typing_is_renewed_and_ends_after_a_pause() -> None:
    typing = OwnTyping()
    said = []
    for now in (0.0, 3.9, 4.0, 7.0):
        typing.press(now)
        said.append(typing.to_say())
    for now in (10.9, 11.0, 12.0):
        typing.tick(now)
        said.append(typing.to_say())
    assert said == [[v1.Typing()], [], [v1.Typing()], [], [], [v1.StopTyping()], []]


def test_who_starts_again_says_so_at_once() -> None:
    typing = OwnTyping()
    said = []
    typing.press(0.0)
    said.append(typing.to_say())
    typing.stop()
    said.append(typing.to_say())
    typing.stop()
    said.append(typing.to_say())
    typing.press(1.0)
    said.append(typing.to_say())
    assert said == [[v1.Typing()], [v1.StopTyping()], [], [v1.Typing()]]


def test_forgotten_typing_is_not_said() -> None:
    typing = OwnTyping()
    typing.press(0.0)
    typing.forget()
    assert (typing.idle_at, typing.to_say()) == (None, [])


def test_the_partners_typing_expires_without_renewal() -> None:
    typing = PartnerTyping()
    changes = [
        typing.stop(),
        typing.start(0.0),
        typing.start(4.0),
        typing.tick(9.9),
        typing.tick(10.0),
        typing.tick(11.0),
        typing.start(12.0),
        typing.stop(),
    ]
    assert changes == [False, True, False, False, True, False, True, True]
