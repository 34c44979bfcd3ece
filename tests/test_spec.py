"""The document for programs is valid, whole and true."""

import json
from functools import cache
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft7Validator

from duologue import __version__
from duologue.config import Settings
from duologue.spec import as_json, document
from duologue.wire import messages, v1
from duologue.wire.close import CloseCode
from duologue.wire.codec import decode_reply, decode_v1
from duologue.wire.messages import ErrorCode
from tests.interop import tools
from tests.test_protocol import examples

META_SCHEMA = tools.NODE_MODULES / "@asyncapi/specs/schemas/3.0.0-without-$id.json"
SPEC = document()
SCHEMAS = SPEC["components"]["schemas"]
MESSAGES = SPEC["components"]["messages"]
OPERATIONS = {
    "referenceClientSays": ("receive", messages.ClientMessage),
    "referenceServerSays": ("send", messages.ServerMessage),
    "v1ClientSays": ("receive", v1.ClientMessage),
    "v1ServerSays": ("send", v1.ServerMessage),
}


def follow(pointer: str) -> Any:
    """Return what a `$ref` points to."""
    found: Any = SPEC
    for key in pointer.removeprefix("#/").split("/"):
        found = found[key]
    return found


def pointers(part: Any) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(pointers, part))
    if not isinstance(part, dict):
        return set()
    here = {part["$ref"]} if "$ref" in part else set()
    return here.union(*map(pointers, part.values()))


@cache
def validator(schema: str) -> Draft7Validator:
    return Draft7Validator(SPEC | {"$ref": f"#/components/schemas/{schema}"})


def heard_as(prefix: str, speaker: str, text: str) -> bool:
    return bool(validator(f"{prefix}{speaker}Message").is_valid(json.loads(text)))


def test_it_is_valid_by_the_schema_of_asyncapi() -> None:
    tools.install_node_modules()
    meta_schema = json.loads(META_SCHEMA.read_text())
    errors = Draft7Validator(meta_schema).iter_errors(SPEC)
    assert [error.message for error in errors] == []


def test_the_schema_of_asyncapi_would_find_a_fault() -> None:
    tools.install_node_modules()
    meta_schema = json.loads(META_SCHEMA.read_text())
    assert not Draft7Validator(meta_schema).is_valid(SPEC | {"servers": {"local": {}}})


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["title"] == name


def test_whatever_is_referred_to_is_there() -> None:
    assert all(follow(pointer) for pointer in pointers(SPEC))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_message_of_a_side_is_in_its_operation(name: str) -> None:
    action, union = OPERATIONS[name]
    operation = SPEC["operations"][name]
    tags = [kind.__struct_config__.tag for kind in get_args(union)]
    listed = [follow(message["$ref"]) for message in operation["messages"]]
    assert [follow(message["$ref"])["name"] for message in listed] == tags
    assert operation["action"] == action


@pytest.mark.parametrize("name", ["reference", "v1"])
def test_a_channel_has_what_both_sides_say_and_no_more(name: str) -> None:
    said = {
        pointer["$ref"]
        for side in ("Client", "Server")
        for pointer in SPEC["operations"][f"{name}{side}Says"]["messages"]
    }
    assert said == {
        f"#/channels/{name}/messages/{message}"
        for message in SPEC["channels"][name]["messages"]
    }


def test_what_is_called_the_same_in_both_protocols_is_told_apart() -> None:
    assert set(SCHEMAS["Chat"]["properties"]) == {"type", "content"}
    assert set(SCHEMAS["V1Chat"]["properties"]) == {"type", "pairing", "id", "content"}
    assert SCHEMAS["V1Chat"]["properties"]["type"] == {"type": "string", "const": "chat"}
    assert "SetUsername" in SPEC["channels"]["reference"]["messages"]
    assert "SetUsername" in SPEC["channels"]["v1"]["messages"]


def test_docstrings_are_descriptions() -> None:
    resume = SCHEMAS["V1Resume"]
    assert resume["description"] == (
        "Give me my seat back; this is how far I know that things have come."
    )
    assert resume["properties"]["ticket"]["description"] == "The newest that I was given."
    assert all(message["summary"] for message in MESSAGES.values())


def test_the_handshake_of_v1_asks_for_the_subprotocol() -> None:
    headers = SPEC["channels"]["v1"]["bindings"]["ws"]["headers"]
    assert headers["properties"]["Sec-WebSocket-Protocol"]["const"] == "duologue.v1"
    assert headers["required"] == ["Sec-WebSocket-Protocol"]


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_has_examples_that_fit_its_schema(name: str) -> None:
    shown = [example["payload"] for example in MESSAGES[name]["examples"]]
    assert shown
    for payload in shown:
        assert list(validator(name).iter_errors(payload)) == []


@pytest.mark.parametrize(
    ("operation", "decode"), [("v1ClientSays", decode_v1), ("v1ServerSays", decode_reply)]
)
def test_every_example_is_understood(operation: str, decode: Any) -> None:
    for pointer in SPEC["operations"][operation]["messages"]:
        for example in follow(follow(pointer["$ref"])["$ref"])["examples"]:
            message = decode(msgspec.json.encode(example["payload"]))
            assert msgspec.to_builtins(message) == example["payload"]


@pytest.mark.parametrize(("speaker", "text"), examples())
def test_what_the_documents_show_fits_the_schemas(speaker: str, text: str) -> None:
    who = speaker.split(maxsplit=1)[0]
    if "v1" not in speaker:
        assert heard_as("", who, text)
    else:
        assert heard_as("V1", who, text)


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"chat"}',
        '{"type":"chat","content":3}',
        '{"type":"dance"}',
        '{"content":"Hello"}',
        '{"type":"received","pairing":-1,"id":0}',
    ],
)
def test_what_is_no_message_fits_no_schema(text: str) -> None:
    assert not heard_as("", "Client", text)
    assert not heard_as("V1", "Client", text)


def test_every_error_code_has_an_example() -> None:
    shown = {example["payload"]["code"] for example in MESSAGES["V1Error"]["examples"]}
    assert shown == set(ErrorCode) == set(SCHEMAS["ErrorCode"]["enum"])
    assert {example["payload"]["code"] for example in MESSAGES["Error"]["examples"]} == (
        set(ErrorCode) - {ErrorCode.OUT_OF_ORDER, ErrorCode.TICKET_REFUSED, ErrorCode.NOT_AWAY}
    )


def test_every_close_code_is_listed() -> None:
    assert {row["code"]: (row["name"], row["meaning"]) for row in SPEC["x-close-codes"]} == {
        int(code): (code.name, code.meaning) for code in CloseCode
    }


def test_it_names_the_version_and_the_default_address() -> None:
    assert SPEC["info"]["version"] == __version__
    assert SPEC["servers"]["local"]["variables"]["address"]["default"] == Settings().address


def test_as_text_it_is_the_same_and_readable() -> None:
    text = as_json().decode()
    assert json.loads(text) == SPEC
    assert "안녕" in text
    assert text.startswith('{\n  "asyncapi": "3.0.0",\n')
