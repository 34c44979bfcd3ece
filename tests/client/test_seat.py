import pytest

from duologue.client import events
from duologue.client.outgoing import Failure
from duologue.client.seat import Seat
from duologue.errors import EmptyMessage, MessageTooLong, NoPartner
from duologue.wire import v1
from duologue.wire.messages import ErrorCode


def seat_with(partner: str | None) -> tuple[Seat, list[events.Event]]:
    told: list[events.Event] = []
    return Seat("ABC123", "t1", 1 if partner else 0, partner, told.append), told


def refusal(code: ErrorCode, chat_id: int) -> v1.Error:
    return v1.Error(code, "", pairing=1, id=chat_id)


def test_what_cannot_be_sent_is_said_at_once_and_takes_no_number() -> None:
    seat, _ = seat_with("Ben")
    seat.limit_bytes = 4
    with pytest.raises(EmptyMessage):
        seat.send("")
    with pytest.raises(MessageTooLong) as too_long:
        seat.send("ééé")
    assert (too_long.value.size_bytes, too_long.value.limit_bytes) == (6, 4)
    assert seat.send("éé").id == 1
    alone, _ = seat_with(None)
    with pytest.raises(NoPartner):
        alone.send("Hello")
    with pytest.raises(NoPartner):
        alone.free()


def test_what_is_due_is_said_receipts_first() -> None:
    seat, _ = seat_with("Ben")
    seat.arrive(v1.Said("Ben", 1, 1, "hi", 0))
    seat.inbox.see(1)
    seat.free()
    seat.press(0.0)
    seat.send("Hello")
    expected = [
        v1.Received(1, 1),
        v1.Read(1, 1),
        v1.StopTyping(),
        v1.Chat(1, 1, "Hello"),
        v1.FreeSeat(),
    ]
    assert [seat.to_say(), seat.to_say()] == [expected, []]


def test_who_sits_alone_says_nothing() -> None:
    seat, told = seat_with(None)
    seat.press(0.0)
    for message in (
        v1.PartnerLeft(),
        v1.PartnerAway(),
        v1.PartnerBack(0),
        v1.PartnerRenamed("Cho"),
    ):
        seat.hear(message, 0.0)
    assert seat.arrive(v1.Said("Ben", 0, 1, "hi", 0))
    assert (seat.to_say(), told, seat.wakes_at) == ([], [], None)


def test_someone_new_takes_the_place_of_a_partner_whose_leaving_was_not_heard() -> None:
    seat, told = seat_with("Ben")
    message = seat.send("for Ben")
    seat.hear(v1.PartnerJoined("Cho", 2, "t2"), 0.0)
    seat.hear(v1.PartnerJoined("Cho", 2, "t2"), 0.0)
    seat.hear(v1.PartnerJoined("Ben", 1, "t1"), 0.0)
    assert told == [
        events.NotDelivered((message,)),
        events.PartnerLeft(),
        events.PartnerJoined("Cho", 2),
    ]
    assert (seat.partner, seat.pairing, seat.ticket, seat.to_say()) == ("Cho", 2, "t2", [])


def test_someone_came_into_the_room_of_one_who_was_alone_and_away() -> None:
    seat, told = seat_with(None)
    seat.resumed(
        v1.Resumed(
            client_id="c1",
            room_code="ABC123",
            ticket="t2",
            pairing=1,
            partner="Ben",
            partner_here=False,
            accepted=0,
            delivered=0,
            partner_read=0,
        )
    )
    assert told == [events.PartnerJoined("Ben", 1), events.PartnerAway()]


def test_a_seat_is_not_freed_of_who_came_back_in_time() -> None:
    seat, _ = seat_with("Ben")
    seat.hear(v1.PartnerAway(), 0.0)
    seat.free()
    seat.hear(v1.PartnerBack(0), 0.0)
    assert seat.to_say() == []


def test_a_seat_is_freed_once_though_it_is_asked_for_on_two_connections() -> None:
    seat, _ = seat_with("Ben")
    seat.free()
    said = [seat.to_say()]
    seat.closed()
    said.append(seat.to_say())
    seat.hear(v1.PartnerAway(), 0.0)
    for _ in range(2):
        seat.free()
        seat.closed()
        said.append(seat.to_say())
    assert said == [[v1.FreeSeat()], [], [v1.FreeSeat()], [v1.FreeSeat()]]


def test_what_is_too_long_for_the_server_of_today_is_not_said() -> None:
    seat, told = seat_with("Ben")
    messages = [seat.send(text) for text in ("one", "three", "five")]
    seat.to_say()
    seat.hear(v1.Sent(1, 1), 0.0)
    seat.limit_bytes = 3
    seat.refused(v1.Error(ErrorCode.OUT_OF_ORDER, "", pairing=1, id=3, expected=2), 3)
    assert told == [
        events.Sent(1, 1),
        events.NotDelivered((messages[1],)),
        events.NotDelivered((messages[2],)),
    ]
    assert seat.to_say() == [v1.Chat(1, 2, ""), v1.Chat(1, 3, "")]


def test_confirmations_of_another_pairing_mean_nothing() -> None:
    seat, told = seat_with("Ben")
    seat.send("Hello")
    for message in (v1.Sent(2, 1), v1.Delivered(0, 1), v1.PartnerRead(7, 1)):
        seat.hear(message, 0.0)
    assert told == []


def test_a_chat_refused_for_a_reason_not_known_here_is_given_up() -> None:
    seat, told = seat_with("Ben")
    message = seat.send("Hello")
    # Without `expected` nobody can know where to go on.
    seat.refused(refusal(ErrorCode.OUT_OF_ORDER, 1), 1)
    assert message.failure is Failure.REFUSED
    assert told == [events.NotDelivered((message,))]
    assert seat.to_say() == [v1.Chat(1, 1, "")]


def test_it_wakes_for_the_typing_that_ends_first() -> None:
    seat, told = seat_with("Ben")
    moments = [seat.wakes_at]
    seat.hear(v1.PartnerTyping(), 1.0)
    moments.append(seat.wakes_at)
    seat.press(2.0)
    moments.append(seat.wakes_at)
    seat.tick(6.0)
    moments.append(seat.wakes_at)
    seat.tick(7.0)
    moments.append(seat.wakes_at)
    assert moments == [None, 7.0, 6.0, 7.0, None]
    assert told == [events.PartnerTyping(), events.PartnerStoppedTyping()]
