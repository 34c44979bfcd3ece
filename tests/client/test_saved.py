import msgspec

from duologue.client import events
from duologue.client.conversation import Conversation
from duologue.client.saved import Saved
from duologue.wire import v1


def seated() -> Conversation:
    conversation = Conversation("Ann")
    conversation.join_room("ABC123")
    conversation.opened()
    conversation.hear(v1.Connected("c1", "duologue.v1", 99, 25.0), 0.0)
    conversation.to_say()
    conversation.hear(v1.RoomJoined("ABC123", "Ben", 1, "t1"), 0.0)
    return conversation


def test_a_conversation_comes_back_from_json_as_it_was_but_for_what_nobody_took() -> None:
    before = seated()
    for content in ("one", "two", "three"):
        before.send(content)
    before.to_say()
    before.hear(v1.Sent(1, 2), 0.0)
    before.hear(v1.PartnerRead(1, 1), 0.0)
    for number in (1, 2):
        before.hear(v1.Said("Ben", 1, number, "hi", 0), 0.0)
    *_, first, _second = before.happened()
    assert isinstance(first, events.Chat)
    before.mark_read(first)
    saved = before.saved()
    assert saved == Saved(
        username="Ann",
        room_code="ABC123",
        ticket="t1",
        pairing=1,
        partner="Ben",
        received=1,
        read=1,
        last=3,
        sent=2,
        delivered=1,
        partner_read=1,
        outbox={2: "two", 3: "three"},
    )
    assert saved == msgspec.json.decode(msgspec.json.encode(saved), type=Saved)
    after = Conversation.restored(saved)
    assert after.saved() == saved
    after.opened()
    assert after.to_say() == [v1.Resume("t1", received=1, read=1, delivered=1)]


def test_there_is_nothing_to_save_without_a_seat_or_while_leaving() -> None:
    conversation = seated()
    conversation.leave()
    assert conversation.saved() is None
    conversation.hear(v1.RoomLeft("client-2"), 0.0)
    assert conversation.saved() is None
