"""The exact bytes of every message, as reference clients know them."""

import pytest

from duologue.wire.codec import decode, encode
from duologue.wire.messages import (
    Chat,
    ClientMessage,
    Connected,
    CreateRoom,
    Error,
    ErrorCode,
    JoinRoom,
    LeaveRoom,
    PartnerJoined,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomCreated,
    RoomJoined,
    Said,
    ServerMessage,
    SetUsername,
    StopTyping,
    Typing,
    UsernameSet,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"set_username","username":"Alice"}', SetUsername("Alice")),
        ('{"type":"create_room"}', CreateRoom()),
        ('{"type":"join_room","room_code":"abc123"}', JoinRoom("abc123")),
        ('{"type":"chat","content":"Hello!"}', Chat("Hello!")),
        ('{"type":"typing"}', Typing()),
        ('{"type":"stop_typing"}', StopTyping()),
        ('{"type":"leave_room"}', LeaveRoom()),
        ('{ "content": "\\u2603 \\ud83d\\ude00",\n "type":\t"chat" }', Chat("☃ 😀")),
        ('{"type":"typing","since":1,"by":{"deep":[null]}}', Typing()),
        ('{"type":"chat","content":""}', Chat("")),
    ],
)
def test_a_client_may_say(text: str, message: ClientMessage) -> None:
    assert decode(text) == message


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (Connected("id"), '{"type":"connected","client_id":"id"}'),
        (UsernameSet("Zoë"), '{"type":"username_set","username":"Zoë"}'),
        (RoomCreated("ABC123"), '{"type":"room_created","room_code":"ABC123"}'),
        (
            RoomJoined("ABC123", "Alice"),
            '{"type":"room_joined","room_code":"ABC123","partner":"Alice"}',
        ),
        (
            RoomJoined("ABC123", None),
            '{"type":"room_joined","room_code":"ABC123","partner":null}',
        ),
        (PartnerJoined("Bob"), '{"type":"partner_joined","username":"Bob"}'),
        (Said("Alice", 'a"☃\n'), '{"type":"chat","from":"Alice","content":"a\\"☃\\n"}'),
        (PartnerTyping(), '{"type":"partner_typing"}'),
        (PartnerStopTyping(), '{"type":"partner_stop_typing"}'),
        (PartnerLeft(), '{"type":"partner_left"}'),
        (
            Error(ErrorCode.ROOM_FULL, "Room is full"),
            '{"type":"error","code":"room_full","message":"Room is full"}',
        ),
    ],
)
def test_the_server_says(message: ServerMessage, text: str) -> None:
    assert encode(message).decode() == text
