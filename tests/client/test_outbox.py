from duologue.client import events
from duologue.client.outbox import WINDOW, Outbox
from duologue.client.outgoing import Counts, Failure, Progress
from duologue.wire import v1


def outbox_with(*contents: str) -> tuple[Outbox, list[events.Event]]:
    told: list[events.Event] = []
    outbox = Outbox(1, told.append)
    for content in contents:
        outbox.add(content)
    return outbox, told


def said(outbox: Outbox) -> list[tuple[int, str]]:
    return [(chat.id, chat.content) for chat in outbox.to_say()]


def test_no_more_than_a_window_is_said_before_the_server_confirms() -> None:
    outbox, _ = outbox_with(*["x"] * (WINDOW + 9))
    assert [len(outbox.to_say()), len(outbox.to_say())] == [WINDOW, 0]
    outbox.sent(3)
    assert [id_ for id_, _ in said(outbox)] == [WINDOW + 1, WINDOW + 2, WINDOW + 3]


def test_confirmations_are_told_once_and_never_go_back() -> None:
    outbox, told = outbox_with("one", "two", "three")
    outbox.to_say()
    for confirm, number in [
        (outbox.sent, 2),
        (outbox.sent, 1),
        (outbox.delivered, 1),
        (outbox.delivered, 1),
        (outbox.read, 3),
        (outbox.read, 2),
    ]:
        confirm(number)
    assert told == [
        events.Sent(1, 2),
        events.Delivered(1, 1),
        events.Sent(1, 3),
        events.Delivered(1, 3),
        events.Read(1, 3),
    ]
    assert outbox.waiting == ()


def test_nobody_can_confirm_what_was_never_there() -> None:
    outbox, told = outbox_with("one")
    outbox.read(2**53)
    assert told == []
    outbox.to_say()
    outbox.read(2**53)
    assert told == [events.Sent(1, 1), events.Delivered(1, 1), events.Read(1, 1)]
    assert outbox.counts == Counts(1, 1, 1)


def test_what_was_confirmed_before_it_was_said_again_is_not_said_again() -> None:
    outbox, _ = outbox_with("one", "two")
    outbox.to_say()
    outbox.go_on_after(0)
    outbox.sent(1)
    assert said(outbox) == [(2, "two")]


def test_going_on_from_anywhere_says_each_number_once_in_order() -> None:
    outbox, told = outbox_with("one", "two", "three")
    outbox.to_say()
    outbox.delivered(2)
    told.clear()
    outbox.go_on_after(-5)
    assert said(outbox) == [(1, ""), (2, ""), (3, "three")]
    outbox.go_on_after(5)
    outbox.add("six")
    assert said(outbox) == [(6, "six")]
    assert told == [events.Sent(1, 0), events.Sent(1, 5)]


def test_what_was_never_said_here_can_only_be_of_another() -> None:
    outbox, _ = outbox_with("one", "two")
    assert [outbox.is_of_another(accepted) for accepted in (0, 1, 9)] == [False, True, True]
    outbox.to_say()
    assert [outbox.is_of_another(accepted) for accepted in (0, 2, 3)] == [False, False, True]
    outbox.sent(2)
    assert not outbox.is_of_another(3)
    outbox.add("three")
    assert [outbox.is_of_another(accepted) for accepted in (2, 3)] == [False, True]


def test_more_than_was_saved_was_said_by_an_earlier_run_if_nothing_is_in_doubt() -> None:
    doubtful = []
    for sent in (1, 2):
        outbox, _ = outbox_with()
        outbox.restore({1: "one", 2: "two"}, last=2, counts=Counts(sent=sent))
        doubtful.append([outbox.is_of_another(accepted) for accepted in (2, 3)])
    assert doubtful == [[False, True], [False, False]]


def test_a_held_outbox_says_nothing_until_it_may_go_on() -> None:
    outbox, told = outbox_with("one")
    outbox.hold()
    outbox.hold()
    assert said(outbox) == []
    outbox.go_on_after(0)
    assert said(outbox) == [(1, "one")]
    assert told == [events.PartnerBehind(), events.PartnerCaughtUp()]


def test_a_refused_message_leaves_an_empty_chat_in_its_place() -> None:
    outbox, told = outbox_with("one", "two")
    first, second = outbox.waiting
    outbox.to_say()
    outbox.refuse(1, Failure.TOO_LONG)
    outbox.refuse(1, Failure.TOO_LONG)
    assert said(outbox) == [(1, ""), (2, "two")]
    assert told == [events.NotDelivered((first,))]
    outbox.delivered(2)
    assert (first.progress, second.progress) == (Progress.QUEUED, Progress.DELIVERED)


def test_when_the_pairing_is_over_all_that_waits_is_reported_once() -> None:
    outbox, told = outbox_with("one", "two")
    waiting = outbox.waiting
    outbox.fail(Failure.PARTNER_LEFT)
    outbox.fail(Failure.ENDED)
    assert told == [events.NotDelivered(waiting)]
    assert {message.failure for message in waiting} == {Failure.PARTNER_LEFT}


def test_a_restored_outbox_says_what_the_server_did_not_confirm() -> None:
    outbox, _ = outbox_with()
    outbox.restore({4: "four", 6: "six"}, last=6, counts=Counts(sent=4, delivered=3))
    assert outbox.to_say() == [v1.Chat(1, 5, ""), v1.Chat(1, 6, "six")]
    assert [message.progress for message in outbox.waiting] == [Progress.SENT, Progress.QUEUED]
