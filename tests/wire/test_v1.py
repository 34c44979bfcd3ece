"""The exact bytes of every message of `duologue.v1`."""

import json
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.wire import v1
from duologue.wire.codec import UNDECODABLE, decode, decode_reply, decode_v1, encode, explain
from duologue.wire.messages import ErrorCode, Message

MOST = 2**53 - 1
MOST_CLAIMED = 2**52

CLIENT_SAYS: list[tuple[str, v1.ClientMessage]] = [
    ('{"type":"set_username","username":"Alice"}', v1.SetUsername("Alice")),
    ('{"type":"create_room"}', v1.CreateRoom()),
    ('{"type":"join_room","room_code":"abc123"}', v1.JoinRoom("abc123")),
    (
        '{"type":"join_room","room_code":"abc123","client_id":"id"}',
        v1.JoinRoom("abc123", "id"),
    ),
    ('{"type":"chat","pairing":1,"id":7,"content":"☃"}', v1.Chat(1, 7, "☃")),
    ('{"type":"typing"}', v1.Typing()),
    ('{"type":"stop_typing"}', v1.StopTyping()),
    ('{"type":"leave_room"}', v1.LeaveRoom()),
    (
        '{"type":"resume","ticket":"…","received":41,"read":40,"delivered":12}',
        v1.Resume("…", 41, 40, 12),
    ),
    ('{"type":"received","pairing":1,"id":7}', v1.Received(1, 7)),
    ('{"type":"read","pairing":1,"id":7}', v1.Read(1, 7)),
    ('{"type":"free_seat"}', v1.FreeSeat()),
    ('{"type":"ping"}', v1.Ping()),
]

SERVER_SAYS: list[tuple[v1.ServerMessage, str]] = [
    (
        v1.Connected("id", "duologue.v1", 16384, 25.0),
        (
            '{"type":"connected","client_id":"id","protocol":"duologue.v1",'
            '"max_content_bytes":16384,"heartbeat_s":25.0}'
        ),
    ),
    (v1.UsernameSet("Zoë"), '{"type":"username_set","username":"Zoë"}'),
    (
        v1.RoomCreated("ABC123", 0, "…"),
        '{"type":"room_created","room_code":"ABC123","pairing":0,"ticket":"…"}',
    ),
    (
        v1.RoomJoined("ABC123", "Alice", 1, "…"),
        '{"type":"room_joined","room_code":"ABC123","partner":"Alice","pairing":1,"ticket":"…"}',
    ),
    (
        v1.PartnerJoined("Bob", 1, "…"),
        '{"type":"partner_joined","username":"Bob","pairing":1,"ticket":"…"}',
    ),
    (
        v1.Resumed("id", "ABC123", "…", 1, "Bob", True, 14, 13, 12),
        (
            '{"type":"resumed","client_id":"id","room_code":"ABC123","ticket":"…","pairing":1,'
            '"partner":"Bob","partner_here":true,"accepted":14,"delivered":13,"partner_read":12}'
        ),
    ),
    (
        v1.Resumed("id", "ABC123", "…", 0, None, False, 0, 0, 0),
        (
            '{"type":"resumed","client_id":"id","room_code":"ABC123","ticket":"…","pairing":0,'
            '"partner":null,"partner_here":false,"accepted":0,"delivered":0,"partner_read":0}'
        ),
    ),
    (v1.Ticket("…"), '{"type":"ticket","ticket":"…"}'),
    (
        v1.Said("Alice", 1, 7, "hi", 1_700_000_000_000),
        '{"type":"chat","from":"Alice","pairing":1,"id":7,"content":"hi","at":1700000000000}',
    ),
    (v1.Sent(1, 7), '{"type":"sent","pairing":1,"id":7}'),
    (v1.Delivered(1, 7), '{"type":"delivered","pairing":1,"id":7}'),
    (v1.PartnerRead(1, 7), '{"type":"partner_read","pairing":1,"id":7}'),
    (v1.PartnerTyping(), '{"type":"partner_typing"}'),
    (v1.PartnerStopTyping(), '{"type":"partner_stop_typing"}'),
    (v1.PartnerAway(), '{"type":"partner_away"}'),
    (v1.PartnerBack(14), '{"type":"partner_back","accepted":14}'),
    (v1.PartnerRenamed("Rob"), '{"type":"partner_renamed","username":"Rob"}'),
    (v1.PartnerLeft(), '{"type":"partner_left"}'),
    (v1.Knock("Carol"), '{"type":"knock","username":"Carol"}'),
    (v1.RoomLeft("id"), '{"type":"room_left","client_id":"id"}'),
    (v1.Pong(), '{"type":"pong"}'),
    (v1.Reconnect(250), '{"type":"reconnect","after_ms":250}'),
    (
        v1.Error(ErrorCode.ROOM_FULL, "Room is full"),
        '{"type":"error","code":"room_full","message":"Room is full"}',
    ),
    (
        v1.Error(ErrorCode.OUT_OF_ORDER, "…", pairing=1, id=9, expected=7),
        '{"type":"error","code":"out_of_order","message":"…","pairing":1,"id":9,"expected":7}',
    ),
]


@pytest.mark.parametrize(("text", "message"), CLIENT_SAYS)
def test_a_client_may_say(text: str, message: v1.ClientMessage) -> None:
    assert (decode_v1(text), encode(message).decode()) == (message, text)


@pytest.mark.parametrize(("message", "text"), SERVER_SAYS)
def test_the_server_says(message: v1.ServerMessage, text: str) -> None:
    assert (encode(message).decode(), decode_reply(text)) == (text, message)


def test_every_message_is_shown_here() -> None:
    assert {type(message) for _, message in CLIENT_SAYS} == set(get_args(v1.ClientMessage))
    assert {type(message) for message, _ in SERVER_SAYS} == set(get_args(v1.ServerMessage))


def test_fields_to_come_are_ignored_by_both() -> None:
    assert decode_v1('{"type":"ping","at":1}') == v1.Ping()
    assert decode_reply('{"type":"pong","at":[null]}') == v1.Pong()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"type":"chat","content":"hi"}', "Object missing required field `pairing`"),
        (
            '{"type":"chat","pairing":1,"id":0,"content":"hi"}',
            "Expected `int` >= 1 - at `$.id`",
        ),
        (
            '{"type":"chat","pairing":-1,"id":1,"content":"hi"}',
            "Expected `int` >= 0 - at `$.pairing`",
        ),
        (
            f'{{"type":"received","pairing":1,"id":{MOST_CLAIMED + 1}}}',
            f"Expected `int` <= {MOST_CLAIMED} - at `$.id`",
        ),
        (
            '{"type":"read","pairing":1,"id":1.5}',
            "Expected `int`, got `float` - at `$.id`",
        ),
        (
            '{"type":"resume","ticket":"…","received":-1,"read":0,"delivered":0}',
            "Expected `int` >= 0 - at `$.received`",
        ),
        (
            '{"type":"join_room","room_code":"x","client_id":7}',
            "Expected `str | null`, got `int` - at `$.client_id`",
        ),
        ('{"type":"sent","pairing":1,"id":1}', "Invalid value 'sent' - at `$.type`"),
    ],
)
def test_what_is_no_message_is_explained(text: str, where: str) -> None:
    with pytest.raises(UNDECODABLE) as caught:
        decode_v1(text)
    assert explain(caught.value) == where


@pytest.mark.parametrize("number", [1, MOST])
def test_chats_are_numbered_as_far_as_javascript_can_count(number: int) -> None:
    text = f'{{"type":"chat","pairing":1,"id":{number},"content":""}}'
    assert decode_v1(text) == v1.Chat(1, number, "")


@pytest.mark.parametrize("number", [1, MOST_CLAIMED])
def test_nobody_can_claim_so_much_that_no_number_is_left(number: int) -> None:
    text = f'{{"type":"received","pairing":{number},"id":{number}}}'
    assert decode_v1(text) == v1.Received(number, number)
    assert number < MOST


def test_a_reference_client_has_none_of_the_new_words() -> None:
    new = [text for text, message in CLIENT_SAYS if type(message).__module__ == v1.__name__]
    for text in new:
        kind = json.loads(text)["type"]
        if kind not in ("chat", "join_room"):
            with pytest.raises(UNDECODABLE):
                decode(text)


@given(st.text())
def test_any_text_is_either_a_message_or_refused(text: str) -> None:
    with suppress(*UNDECODABLE):
        assert isinstance(decode_v1(text), Message)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from([text for text, _ in CLIENT_SAYS]),
    st.data(),
)
def test_any_value_in_any_field_is_either_a_message_or_refused(
    value: object, text: str, data: st.DataObject
) -> None:
    fields = json.loads(text)
    fields[data.draw(st.sampled_from(sorted(fields)))] = value
    with suppress(*UNDECODABLE):
        assert isinstance(decode_v1(json.dumps(fields)), Message)
