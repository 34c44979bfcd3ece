from duologue.client.inbox import Inbox
from duologue.wire import v1


def test_what_is_taken_or_seen_is_said_once_and_merged() -> None:
    inbox = Inbox(1)
    for number in (1, 2, 3):
        inbox.arrive(number, is_empty=False)
    said = [inbox.to_say()]
    inbox.take(1)
    inbox.take(2)
    said.append(inbox.to_say())
    inbox.see(9)
    said.append(inbox.to_say())
    said.append(inbox.to_say())
    assert said == [[], [v1.Received(1, 2)], [v1.Received(1, 3), v1.Read(1, 3)], []]


def test_a_repeat_is_acknowledged_again_as_far_as_it_was_taken() -> None:
    inbox = Inbox(1)
    for number in (1, 2, 3):
        inbox.arrive(number, is_empty=False)
    inbox.see(2)
    inbox.to_say()
    inbox.repeated(3)
    said = [inbox.to_say()]
    inbox.repeated(2)
    said.append(inbox.to_say())
    assert said == [[], [v1.Received(1, 2), v1.Read(1, 2)]]


def test_an_empty_chat_waits_only_for_those_before_it() -> None:
    inbox = Inbox(1)
    inbox.arrive(1, is_empty=False)
    inbox.arrive(2, is_empty=True)
    assert inbox.received == 0
    inbox.take(1)
    assert inbox.received == 2


def test_a_restored_inbox_goes_on_after_what_was_taken() -> None:
    inbox = Inbox(1)
    inbox.restore(received=7, read=5)
    assert (inbox.arrived, inbox.received, inbox.read) == (7, 7, 5)
