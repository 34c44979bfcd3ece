"""The documents tell the truth: examples, tables, defaults, links.

PROTOCOL.md is normative. What it shows is read here as a client or the server
would read it, and what it lists is compared with the code.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from duologue.config import Settings
from duologue.core.limits import Limits
from duologue.server.door import MOST_REQUESTS
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.codec import decode, decode_reply, decode_v1, encode
from duologue.wire.codes import ALPHABET, CODE_LENGTH
from duologue.wire.messages import ClientMessage, Error, ErrorCode, ServerMessage

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "duologue"
NAMES = (
    "README.md",
    "ARCHITECTURE.md",
    "PROTOCOL.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "benchmarks/README.md",
    "docs/clients.md",
    "docs/guessing.md",
    "docs/installing.md",
    "docs/running.md",
    "docs/terminal.md",
    "compliance/README.md",
    "fuzzing/README.md",
)
TEXT = {name: (ROOT / name).read_text() for name in NAMES}
PROTOCOL, README = TEXT["PROTOCOL.md"], TEXT["README.md"]

FENCED = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = re.compile(
    r"^(Client|Server|Client of v1|Server to v1):\n```json\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
TYPED_OR_HEARD = re.compile(r"^([<>]) (\{.*\})$", re.MULTILINE)
LINK = re.compile(r"\[([^]\n]*)\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
PATH_IN_TEXT = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|lock|in|c))`")

IN_WORDS = {6: "six"}
NOTICED_BY_CLIENTS = (
    "max_name_chars",
    "max_content_bytes",
    "handshake_timeout_s",
    "heartbeat_s",
    "stall_timeout_s",
    "ticket_life_s",
    "drain_s",
    "code_length",
    "lone_room_s",
    "messages_per_s",
    "bytes_per_s",
    "errors_per_s",
)
SETTINGS = {field.name: field.default for field in fields(Settings)}

_decode_reply: dict[str, Callable[[str], Any]] = {
    "Server": msgspec.json.Decoder(ServerMessage).decode,
    "Server to v1": decode_reply,
}
_decode: dict[str, Callable[[str], Any]] = {"Client": decode, "Client of v1": decode_v1}


class Example(NamedTuple):
    """A message in a document."""

    speaker: str
    text: str


def examples() -> list[Example]:
    shown = [
        Example(speaker, line)
        for speaker, block in EXAMPLES.findall(PROTOCOL)
        for line in block.splitlines()
    ]
    speakers = {">": "Client", "<": "Server"}
    return shown + [
        Example(speakers[sign], line)
        for sign, line in TYPED_OR_HEARD.findall(TEXT["docs/terminal.md"])
    ]


SAID_BY_CLIENTS = [example for example in examples() if example.speaker in _decode]
SAID_BY_SERVER = [example for example in examples() if example.speaker in _decode_reply]


def tags(union: object) -> set[str]:
    """Return the `type` of every message in a union."""
    return {member.__struct_config__.tag for member in getattr(union, "__args__", ())}


def rows(document: str, first_title: str) -> list[list[str]]:
    """Return the cells of the table whose first column has this title, without its head."""
    _, _, table = document.partition(f"\n| {first_title} |")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


def words(refusal: Error) -> tuple[str, str]:
    return refusal.code.value, refusal.message


def anchors(document: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", document, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def shown(
    spoken: list[Example], decoders: dict[str, Callable[[str], Any]], speaker: str
) -> set[str]:
    """Return the `type` of every message that is shown of a speaker."""
    return {
        decoders[speaker](example.text).__struct_config__.tag
        for example in spoken
        if example.speaker == speaker
    }


@pytest.mark.parametrize(("speaker", "text"), SAID_BY_CLIENTS)
def test_the_server_understands_what_clients_are_shown_to_say(speaker: str, text: str) -> None:
    assert encode(_decode[speaker](text)).decode() == text


@pytest.mark.parametrize(("speaker", "text"), SAID_BY_SERVER)
def test_the_server_says_what_it_is_shown_to_say_byte_for_byte(speaker: str, text: str) -> None:
    assert encode(_decode_reply[speaker](text)).decode() == text


def test_every_json_example_tells_who_says_it() -> None:
    blocks = [body for kind, body in FENCED.findall(PROTOCOL) if kind == "json"]
    assert blocks == [body for _, body in EXAMPLES.findall(PROTOCOL)]


def test_every_message_has_an_example_and_only_those() -> None:
    assert shown(SAID_BY_CLIENTS, _decode, "Client") == tags(ClientMessage)
    assert shown(SAID_BY_SERVER, _decode_reply, "Server") == tags(ServerMessage)


def test_every_message_that_is_different_in_v1_has_an_example() -> None:
    for union, examples_, decoders, speaker in (
        (v1.ClientMessage, SAID_BY_CLIENTS, _decode, "Client of v1"),
        (v1.ServerMessage, SAID_BY_SERVER, _decode_reply, "Server to v1"),
    ):
        different = {
            member.__struct_config__.tag
            for member in union.__args__
            if member.__module__ == v1.__name__
        }
        assert shown(examples_, decoders, speaker) == different


def test_what_each_client_message_leads_to_is_listed() -> None:
    assert {row[0] for row in rows(PROTOCOL, "message")} == tags(ClientMessage)


def test_every_error_is_listed_in_its_exact_words() -> None:
    assert {(row[0], row[1]) for row in rows(PROTOCOL, "code") if not row[0].isdigit()} == {
        words(refusals.USERNAME_REQUIRED),
        words(refusals.ALREADY_IN_ROOM),
        words(refusals.room_not_found("xyz")),
        words(refusals.too_many_codes(60)),
        words(refusals.ROOM_FULL),
        words(refusals.NOT_IN_ROOM),
        words(refusals.message_too_long(Settings().max_content_bytes)),
        words(refusals.NO_PARTNER),
        words(refusals.out_of_order(1, 10, 8)),
        words(refusals.PARTNER_BEHIND),
        words(refusals.TICKET_REFUSED),
        words(refusals.NOT_AWAY),
        words(refusals.ROOM_EXPIRED),
        words(refusals.invalid_message("…")),
    }


def test_every_error_has_an_example() -> None:
    heard = [_decode_reply[speaker](text) for speaker, text in SAID_BY_SERVER]
    assert {message.code for message in heard if isinstance(message, Error)} == set(ErrorCode)


def test_every_close_code_is_listed() -> None:
    section = PROTOCOL.partition("\n## Close codes\n")[2].partition("\n## ")[0]
    assert [int(row[0]) for row in rows(section, "code")] == sorted(CloseCode)


def test_the_protocol_names_the_limits_with_their_defaults() -> None:
    told = {row[0]: row[1] for row in rows(PROTOCOL, "setting")}
    assert told == {name: str(SETTINGS[name]) for name in NOTICED_BY_CLIENTS}


def test_the_numbers_in_the_protocols_sentences_are_the_defaults() -> None:
    settings = Settings()
    prose = " ".join(PROTOCOL.split())
    for claim in (
        f"must be 1 to {settings.max_name_chars} characters",
        f"at most {settings.max_content_bytes:,} bytes in UTF-8",
        f"which is {settings.max_message_bytes:,} by default",
        f"complete {settings.handshake_timeout_s:g} seconds after",
        f"each within {settings.handshake_timeout_s:g} seconds",
        f"A connection ends after {MOST_REQUESTS} of them",
        f"{settings.heartbeat_s / 2:g} to {settings.heartbeat_s:g} seconds after connecting",
        f"{IN_WORDS[CODE_LENGTH]} characters of `{ALPHABET}`",
    ):
        assert claim in prose


def test_the_core_has_the_same_defaults_as_the_settings() -> None:
    for field in fields(Limits):
        assert field.default == SETTINGS[field.name]


def test_running_lists_every_setting_with_its_flag_variable_and_default() -> None:
    assert [row[:3] for row in rows(TEXT["docs/running.md"], "flag")] == [
        [
            f"--{name.replace('_', '-')}" if name != "secret" else "none",
            f"DUOLOGUE_{name.upper()}",
            str(default or "none"),
        ]
        for name, default in SETTINGS.items()
    ]


def test_the_readmes_program_runs() -> None:
    (program,) = [body for kind, body in FENCED.findall(README) if kind == "python"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Alice: Hello, Bob!\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_link_leads_somewhere(name: str) -> None:
    here = ROOT / name
    for label, target, anchor in LINK.findall(TEXT[name]):
        there = here.parent / target if target else here
        assert there.exists(), f"{name} links to {target}"
        assert target.endswith(label) or "." not in label, f"{label} is not {target}"
        assert not anchor or anchor in anchors(there.read_text()), f"{name}: #{anchor}"


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_a_file_that_is_named_exists(name: str) -> None:
    homes = (ROOT, PACKAGE, PACKAGE / "server", PACKAGE / "client")
    missing = [
        path
        for path in PATH_IN_TEXT.findall(TEXT[name])
        if not path.startswith(".venv") and not any((home / path).exists() for home in homes)
    ]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_short(name: str) -> None:
    assert len(TEXT[name].splitlines()) <= 400
