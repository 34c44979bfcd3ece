"""What the transcripts don't show. See tests/transcripts for the rest."""

import contextlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duologue.client import events
from duologue.client.conversation import Conversation, Link
from duologue.client.outgoing import Outgoing
from duologue.errors import AlreadyInRoom, ConversationError, NotInRoom
from duologue.wire import v1
from duologue.wire.messages import ErrorCode

CONNECTED = v1.Connected("c1", "duologue.v1", 99, 25.0)
JOINED = v1.RoomJoined("ABC123", "Ben", 1, "t1")


def online() -> Conversation:
    conversation = Conversation("Ann")
    conversation.opened()
    conversation.hear(CONNECTED, 0.0)
    conversation.happened()
    return conversation


def seated() -> Conversation:
    conversation = online()
    conversation.join_room("ABC123")
    conversation.to_say()
    conversation.hear(JOINED, 0.0)
    conversation.happened()
    return conversation


def test_it_starts_with_a_name_and_nothing_else() -> None:
    conversation = Conversation(" Ann ")
    assert (conversation.username, conversation.link) == ("Ann", Link.OFFLINE)
    assert (conversation.seat, conversation.wakes_at) == (None, None)
    assert not conversation.has_wish
    assert (conversation.to_say(), conversation.happened()) == ([], [])


def test_without_a_seat_there_is_nothing_to_do_in_it() -> None:
    conversation = online()
    conversation.tick(1.0)
    conversation.typing(1.0)
    conversation.stop_typing()
    chat = events.Chat("ABC123", 1, 1, "Ben", "hi", 0)
    conversation.take(chat)
    conversation.mark_read(chat)
    for ask in (lambda: conversation.send("hi"), conversation.free_seat, conversation.leave):
        with pytest.raises(NotInRoom):
            ask()
    assert (conversation.to_say(), conversation.happened()) == ([], [])


def test_without_a_seat_what_is_said_about_one_means_nothing() -> None:
    conversation = online()
    for message in (
        v1.Said("Ben", 1, 7, "hi", 0),
        v1.PartnerLeft(),
        v1.RoomLeft("client-2"),
        v1.Error(ErrorCode.TICKET_REFUSED, ""),
        v1.Error(ErrorCode.NOT_IN_ROOM, ""),
        v1.Error(ErrorCode.OUT_OF_ORDER, "", pairing=1, id=1, expected=1),
    ):
        conversation.hear(message, 0.0)
    assert (conversation.happened(), conversation.link) == ([], Link.ONLINE)


def test_who_has_a_seat_is_given_no_other() -> None:
    conversation = seated()
    with pytest.raises(AlreadyInRoom):
        conversation.create_room()
    conversation.hear(v1.RoomCreated("XYZ789", 0, "u0"), 0.0)
    conversation.hear(v1.RoomJoined("XYZ789", "Cho", 9, "u9"), 0.0)
    conversation.hear(
        v1.Resumed(
            "c1", "XYZ789", "u9", 9, "Cho", True, accepted=0, delivered=0, partner_read=0
        ),
        0.0,
    )
    assert conversation.happened() == []
    assert conversation.seat is not None
    assert (conversation.seat.room_code, conversation.seat.ticket) == ("ABC123", "t1")


def test_a_seat_that_nobody_asked_for_is_taken_and_can_be_left() -> None:
    conversation = online()
    conversation.hear(JOINED, 0.0)
    conversation.leave()
    assert conversation.happened() == [events.RoomJoined("ABC123", 1, "Ben")]
    assert conversation.to_say() == [v1.SetUsername("Ann"), v1.LeaveRoom()]


def test_before_it_is_greeted_it_hears_nothing_else() -> None:
    conversation = Conversation("Ann")
    conversation.create_room()
    conversation.opened()
    conversation.hear(JOINED, 0.0)
    assert (conversation.link, conversation.seat) == (Link.GREETING, None)
    assert (conversation.to_say(), conversation.happened()) == ([], [])


def test_while_it_resumes_it_hears_and_says_nothing_else() -> None:
    conversation = seated()
    conversation.closed()
    conversation.opened()
    assert conversation.to_say() == [v1.Resume("t1", 0, 0, 0)]
    conversation.send("wait")
    conversation.hear(v1.Said("Ben", 1, 1, "early", 0), 0.0)
    assert conversation.to_say() == []
    assert conversation.happened() == [events.Offline()]


def test_a_ticket_refused_before_the_greeting_waits_for_it() -> None:
    conversation = seated()
    conversation.opened()
    conversation.hear(v1.Error(ErrorCode.TICKET_REFUSED, ""), 0.0)
    assert conversation.link is Link.GREETING
    conversation.hear(CONNECTED, 0.0)
    assert conversation.happened() == [
        events.Offline(),
        events.TicketRefused(),
        events.Online(),
    ]


def test_a_ticket_that_is_refused_to_someone_who_leaves_lets_it_go() -> None:
    conversation = seated()
    conversation.closed()
    conversation.leave()
    conversation.opened()
    conversation.hear(v1.Error(ErrorCode.TICKET_REFUSED, ""), 0.0)
    assert conversation.happened() == [events.Offline(), events.RoomLeft()]


def test_a_wish_taken_back_is_gone_with_the_connection_it_was_said_on() -> None:
    conversation = online()
    conversation.create_room()
    conversation.to_say()
    conversation.leave()
    conversation.closed()
    assert conversation.happened() == [events.Offline(), events.RoomLeft()]
    conversation.opened()
    conversation.hear(CONNECTED, 0.0)
    assert conversation.to_say() == []


def test_nothing_more_is_said_in_a_room_once_leaving_was_said() -> None:
    conversation = seated()
    conversation.leave()
    assert conversation.to_say() == [v1.LeaveRoom()]
    conversation.hear(v1.Said("Ben", 1, 1, "wait!", 0), 0.0)
    (chat,) = conversation.happened()
    assert isinstance(chat, events.Chat)
    conversation.take(chat)
    assert conversation.to_say() == []


def test_another_room_can_be_wished_for_while_leaving() -> None:
    conversation = seated()
    conversation.leave()
    conversation.join_room("XYZ789")
    conversation.leave()
    conversation.create_room()
    assert conversation.to_say() == [v1.LeaveRoom()]
    conversation.hear(v1.RoomLeft("client-2"), 0.0)
    assert conversation.to_say() == [v1.CreateRoom()]


def test_a_chat_of_another_room_is_not_taken_in_this_one() -> None:
    conversation = seated()
    conversation.to_say()
    conversation.hear(v1.Said("Ben", 1, 1, "hi", 0), 0.0)
    conversation.take(events.Chat("XYZ789", 1, 1, "Ben", "hi", 0))
    assert conversation.to_say() == []


def reconnected() -> Conversation:
    conversation = online()
    conversation.create_room()
    conversation.to_say()
    conversation.hear(v1.UsernameSet("Ann"), 0.0)
    conversation.hear(v1.Error(ErrorCode.ALREADY_IN_ROOM, ""), 0.0)
    conversation.opened()
    conversation.hear(CONNECTED, 0.0)
    return conversation


def refused() -> Conversation:
    conversation = seated()
    conversation.hear(v1.UsernameSet("Ann"), 0.0)
    conversation.opened()
    conversation.hear(CONNECTED, 0.0)
    conversation.hear(v1.Error(ErrorCode.TICKET_REFUSED, ""), 0.0)
    return conversation


@pytest.mark.parametrize("begin", [reconnected, refused])
def test_a_server_that_knows_no_name_of_ours_is_always_told_one(
    begin: Callable[[], Conversation],
) -> None:
    conversation = begin()
    conversation.rename("Ann\0")
    conversation.create_room()
    conversation.to_say()
    conversation.hear(v1.Error(ErrorCode.INVALID_MESSAGE, ""), 0.0)
    conversation.rename("Ann")
    conversation.create_room()
    assert conversation.to_say() == [v1.SetUsername("Ann"), v1.CreateRoom()]


def test_a_partner_cannot_be_back_with_what_was_never_said() -> None:
    conversation = seated()
    message = conversation.send("hi")
    conversation.hear(v1.PartnerBack(1), 0.0)
    assert conversation.happened() == [events.NotDelivered((message,)), events.TicketRefused()]
    assert (conversation.link, conversation.seat) == (Link.BROKEN, None)


def test_another_pairing_meanwhile_is_no_sign_of_another_copy() -> None:
    conversation = seated()
    message = conversation.send("for Ben")
    conversation.opened()
    conversation.to_say()
    conversation.hear(CONNECTED, 0.0)
    resumed = v1.Resumed("c1", "ABC123", "t2", 2, "Cho", True, 7, 0, 0)
    conversation.hear(resumed, 0.0)
    assert conversation.happened() == [
        events.Offline(),
        events.Online(),
        events.NotDelivered((message,)),
        events.PartnerLeft(),
        events.Sent(2, 7),
        events.PartnerJoined("Cho", 2),
    ]


def test_the_end_is_not_the_end_of_what_is_saved() -> None:
    ends = []
    for is_leaving in (False, True):
        conversation = seated()
        message = conversation.send("hi")
        if is_leaving:
            conversation.leave()
        for _ in range(2):
            conversation.end("over", is_saved=True)
        kept = () if conversation.seat is None else conversation.seat.outbox.waiting
        ends.append((message.failure, conversation.happened(), kept == (message,)))
        told = [events.NotDelivered((message,)), events.Ended("over")]
        assert ends[-1] == (("ended", told, False) if is_leaving else (None, told[1:], True))


def test_it_knows_how_late_a_stopping_server_wants_it_back() -> None:
    conversation = seated()
    conversation.hear(v1.Reconnect(1500), 0.0)
    assert conversation.reconnect_after_ms == 1500
    conversation.closed()
    assert conversation.reconnect_after_ms is None


def test_it_wakes_when_its_seat_does() -> None:
    conversation = seated()
    conversation.hear(v1.PartnerTyping(), 1.0)
    assert conversation.wakes_at == 7.0


# Whatever comes

SMALL = st.integers(0, 4)
PAIRING = st.integers(0, 2)
NAMES = st.sampled_from(["Ben", "Cho"])
TIED = {"pairing": PAIRING, "id": SMALL}
MESSAGES: st.SearchStrategy[v1.ServerMessage] = st.one_of(
    st.just(CONNECTED),
    st.builds(v1.UsernameSet, NAMES),
    st.builds(v1.RoomCreated, st.just("ABC123"), PAIRING, st.just("t")),
    st.builds(v1.RoomJoined, st.just("ABC123"), NAMES | st.none(), PAIRING, st.just("t")),
    st.builds(v1.PartnerJoined, NAMES, PAIRING, st.just("t")),
    st.builds(
        v1.Resumed,
        st.just("c1"),
        st.just("ABC123"),
        st.just("t"),
        PAIRING,
        NAMES | st.none(),
        st.booleans(),
        SMALL,
        SMALL,
        SMALL,
    ),
    *[st.builds(kind, **TIED) for kind in (v1.Sent, v1.Delivered, v1.PartnerRead)],
    st.builds(v1.Said, NAMES, PAIRING, SMALL, st.just("hi"), st.just(0)),
    st.builds(v1.PartnerBack, SMALL),
    st.builds(v1.PartnerRenamed, NAMES),
    st.sampled_from(
        [
            v1.PartnerAway(),
            v1.PartnerLeft(),
            v1.RoomLeft("client-2"),
            v1.PartnerTyping(),
            v1.PartnerStopTyping(),
            v1.Ticket("u"),
            v1.Knock("Dee"),
            v1.Pong(),
        ]
    ),
    st.builds(v1.Error, st.sampled_from(ErrorCode), st.just("")),
    st.builds(
        v1.Error,
        st.sampled_from(ErrorCode),
        st.just(""),
        pairing=PAIRING,
        id=SMALL,
        expected=SMALL,
    ),
)
ACTS = ["opened", "closed", "create_room", "join", "send", "take", "leave", "free_seat"]
STEPS: st.SearchStrategy[Sequence[str | v1.ServerMessage]] = st.lists(
    MESSAGES | st.sampled_from(ACTS), max_size=60
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([online, seated]), STEPS)
def test_whatever_a_server_says_no_chat_is_passed_over_and_no_message_lost(
    begin: Callable[[], Conversation], steps: Sequence[str | v1.ServerMessage]
) -> None:
    conversation = begin()
    sent: list[Outgoing] = []
    told: list[events.Event] = []

    def take() -> None:
        for event in told[-3:]:
            if isinstance(event, events.Chat):
                conversation.take(event)

    acts: dict[str, Callable[[], object]] = {
        "join": lambda: conversation.join_room("ABC123"),
        "send": lambda: sent.append(conversation.send("hi")),
        "take": take,
    }
    for step in steps:
        if isinstance(step, str):
            with contextlib.suppress(ConversationError):
                acts.get(step, lambda name=step: getattr(conversation, name)())()
        else:
            conversation.hear(step, 0.0)
        said = conversation.to_say()
        if conversation.link is Link.RESUMING:
            assert all(isinstance(message, v1.Resume) for message in said)
        told += conversation.happened()
    conversation.end("over")
    told += conversation.happened()

    reported = [
        message
        for event in told
        if isinstance(event, events.NotDelivered)
        for message in event.messages
    ]
    failed = [message for message in sent if message.failure is not None]
    assert sorted(map(id, reported)) == sorted(map(id, failed))
    assert all(message.is_settled for message in sent)
    assert_no_gap(told)


def assert_no_gap(told: Sequence[events.Event]) -> None:
    """The chats of each pairing are 1, 2, 3 …, whoever sits opposite."""
    pairing, last = 1, 0
    for event in told:
        match event:
            case events.RoomCreated():
                pairing, last = -1, 0
            case events.RoomJoined():
                pairing, last = event.pairing, 0
            case events.PartnerJoined() if event.pairing != pairing:
                pairing, last = event.pairing, 0
            case events.Chat():
                assert (event.pairing, event.id) == (pairing, last + 1)
                last = event.id
