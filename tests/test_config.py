import dataclasses
import math
from typing import Any

import pytest

from duologue.config import Address, Settings, as_number, parse_address
from duologue.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", Address("127.0.0.1", 8080)),
        ("0.0.0.0:9000", Address("0.0.0.0", 9000)),
        ("[::1]:8080", Address("::1", 8080)),
        ("localhost:0", Address("localhost", 0)),
    ],
)
def test_an_address_reads_as_it_prints(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8080",
        ":8080",
        "host",
        "host:",
        "host:http",
        "host:65536",
        "::1:8080",
        "[::1]",
        "[x]:1",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="is not HOST:PORT, such as 127"):
        Settings(address=text)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"log": "loud"}, "log: 'loud' is none of debug, info, warning, error"),
        ({"log_format": "xml"}, "log_format: 'xml' is none of text, json"),
        ({"log_addresses": "all"}, "log_addresses: 'all' is none of hashed, plain, none"),
        (
            {"ops_address": "9464"},
            "ops_address: '9464' is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080",
        ),
        ({"max_name_chars": 0}, "max_name_chars: must be 1 to 1024, not 0"),
        ({"max_name_chars": 1.5}, "max_name_chars: must be 1 to 1024, not 1.5"),
        ({"max_content_bytes": -1}, "max_content_bytes: must be 1 to 1048576, not -1"),
        (
            {"max_content_bytes": 10**20},
            f"max_content_bytes: must be 1 to 1048576, not {10**20}",
        ),
        ({"heartbeat_s": 0}, "heartbeat_s: must be more than 0 and at most 300, not 0"),
        ({"heartbeat_s": True}, "heartbeat_s: must be more than 0 and at most 300, not True"),
        ({"heartbeat_s": "5"}, "heartbeat_s: must be more than 0 and at most 300, not '5'"),
        (
            {"stall_timeout_s": float("nan")},
            "stall_timeout_s: must be more than 0 and at most 300, not nan",
        ),
        (
            {"ticket_life_s": 0},
            "ticket_life_s: must be more than 0 and at most 2592000, not 0",
        ),
        (
            {"ticket_life_s": 2592001},
            "ticket_life_s: must be more than 0 and at most 2592000, not 2592001",
        ),
        (
            {"address": 8080},
            "address: 8080 is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080",
        ),
        (
            {"handshake_timeout_s": float("inf")},
            "handshake_timeout_s: must be more than 0 and at most 300, not inf",
        ),
        ({"code_length": 5}, "code_length: must be 6 to 10, not 5"),
        ({"code_length": 6.0}, "code_length: must be 6 to 10, not 6.0"),
        ({"messages_per_s": 0}, "messages_per_s: must be a number above 0, or off, not 0"),
        ({"max_rooms": "none"}, "max_rooms: must be a number above 0, or off, not 'none'"),
        ({"max_rooms": True}, "max_rooms: must be a number above 0, or off, not True"),
        (
            {"lone_room_s": float("inf")},
            "lone_room_s: must be a number above 0, or off, not inf",
        ),
        (
            {"uncounted": "10.0.0.0/8, 10.0.0.1/8"},
            "uncounted: 10.0.0.1/8 has host bits set",
        ),
        ({"uncounted": 5}, "uncounted: 5 is no list of texts"),
        (
            {"uncounted": "home"},
            "uncounted: 'home' does not appear to be an IPv4 or IPv6 network",
        ),
    ],
)
def test_a_value_that_cannot_work_is_refused(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(**settings)
    assert str(caught.value) == reason


def test_the_longest_content_or_name_fits_into_the_longest_message_however_it_is_escaped() -> (
    None
):
    settings = Settings(max_content_bytes=100, max_name_chars=1000)
    assert (
        len('{"type":"chat","content":"' + "\\u0007" * 100 + '"}') < settings.max_message_bytes
    )


def test_a_limit_is_a_number_or_off() -> None:
    settings = Settings(messages_per_s=0.5, max_rooms="off")
    limits = (settings.messages_per_s, settings.max_rooms)
    assert [as_number(limit) for limit in limits] == [0.5, math.inf]


def test_someone_may_be_away_for_thirty_days_at_most() -> None:
    assert Settings(ticket_life_s=30 * 24 * 60 * 60).ticket_life_s == 2592000


def test_a_secret_does_not_show_when_settings_are_printed() -> None:
    assert "hushhush" not in repr(Settings(secret="hushhush"))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().log = "debug"  # type: ignore[misc]


def test_a_ticket_lives_long_enough_to_be_renewed() -> None:
    with pytest.raises(SettingsError, match="ticket_life_s: must be at least four times"):
        Settings(ticket_life_s=99.0)
    assert Settings(ticket_life_s=100.0).ticket_life_s == 100.0
