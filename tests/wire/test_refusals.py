from duologue.wire import refusals
from duologue.wire.codec import encode
from duologue.wire.messages import Error, ErrorCode


def test_every_refusal_in_its_exact_words() -> None:
    assert [
        encode(refusal).decode()
        for refusal in (
            refusals.USERNAME_REQUIRED,
            refusals.ALREADY_IN_ROOM,
            refusals.room_not_found("xyz"),
            refusals.ROOM_FULL,
            refusals.NOT_IN_ROOM,
            refusals.NO_PARTNER,
            refusals.message_too_long(16384),
            refusals.invalid_message("Expected `str` - at `$.type`"),
            refusals.PARTNER_BEHIND,
            refusals.TICKET_REFUSED,
            refusals.NOT_AWAY,
            refusals.out_of_order(1, 9, expected=7),
            refusals.of_chat(refusals.NO_PARTNER, 1, 7),
        )
    ] == [
        '{"type":"error","code":"username_required","message":"Username is required"}',
        '{"type":"error","code":"already_in_room","message":"You are already in a room"}',
        '{"type":"error","code":"room_not_found","message":"Room \'XYZ\' not found"}',
        '{"type":"error","code":"room_full","message":"Room is full"}',
        '{"type":"error","code":"not_in_room","message":"You are not in a room"}',
        '{"type":"error","code":"no_partner","message":"Nobody is here to read this yet"}',
        (
            '{"type":"error","code":"message_too_long",'
            '"message":"Message is longer than 16384 bytes of UTF-8"}'
        ),
        (
            '{"type":"error","code":"invalid_message",'
            '"message":"Invalid message format: Expected `str` - at `$.type`"}'
        ),
        (
            '{"type":"error","code":"partner_behind",'
            '"message":"Your partner has too much to catch up on"}'
        ),
        '{"type":"error","code":"ticket_refused","message":"This ticket is no longer good"}',
        '{"type":"error","code":"not_away","message":"Your partner is not away"}',
        (
            '{"type":"error","code":"out_of_order","message":"Chat 7 has to come next",'
            '"pairing":1,"id":9,"expected":7}'
        ),
        (
            '{"type":"error","code":"no_partner","message":"Nobody is here to read this yet",'
            '"pairing":1,"id":7}'
        ),
    ]


def test_there_is_a_refusal_for_every_code() -> None:
    made = {
        value.code
        for value in (
            *vars(refusals).values(),
            refusals.room_not_found(""),
            refusals.message_too_long(1),
            refusals.invalid_message(""),
            refusals.too_many_codes(1),
            refusals.out_of_order(1, 1, expected=1),
        )
        if isinstance(value, Error)
    }
    assert made == set(ErrorCode)


def test_a_quoted_code_does_not_grow_with_what_was_typed() -> None:
    assert len(refusals.room_not_found("x" * 90_000).message) == 117
