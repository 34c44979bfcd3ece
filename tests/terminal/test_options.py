"""What may be said on the command line, and what it means."""

import getpass

import pytest

from duologue.errors import SettingsError
from duologue.terminal.options import USUAL_SERVER, ChatOptions


def test_nothing_said_opens_a_room_at_home_under_the_login_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "alice")
    options = ChatOptions()
    assert (options.room_code, options.server_url, options.own_name) == (
        None,
        USUAL_SERVER,
        "alice",
    )


def test_a_person_without_a_login_name_is_someone(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert ChatOptions().own_name == "Someone"


def test_a_code_is_taken_as_it_was_typed() -> None:
    options = ChatOptions("abc-123", server="chat.example:80", name="Bob")
    assert (options.room_code, options.server_url, options.own_name) == (
        "abc-123",
        "chat.example:80",
        "Bob",
    )


def test_a_link_says_code_and_server() -> None:
    options = ChatOptions("https://chat.example/#ABC123")
    assert (options.room_code, options.server_url) == ("ABC123", "https://chat.example/")


def test_a_server_that_is_named_is_stronger_than_that_of_a_link() -> None:
    options = ChatOptions("https://chat.example/#ABC123", server="127.0.0.1:9000")
    assert options.server_url == "127.0.0.1:9000"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("https://chat.example/", "is no link to a room: it ends in no #CODE"),
        ("https://[::1/#ABC123", "Invalid IPv6 URL"),
    ],
)
def test_a_link_that_leads_to_no_room_is_refused(code: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        _ = ChatOptions(code).room_code


@pytest.mark.parametrize("linger_s", [-1.0, float("nan")])
def test_one_cannot_linger_for_less_than_no_time(linger_s: float) -> None:
    with pytest.raises(SettingsError, match="linger_s: must be 0 or more"):
        ChatOptions(linger_s=linger_s)


@pytest.mark.parametrize("code", ["", "  "])
def test_a_code_with_nothing_in_it_is_refused(code: str) -> None:
    with pytest.raises(SettingsError, match="leave it out to open a room"):
        ChatOptions(code)
