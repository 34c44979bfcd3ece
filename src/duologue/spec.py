"""The protocol for programs: an AsyncAPI 3.0 document, made from the message types.

`duologue spec` prints it. Who writes a client in another language generates
types from it; what the messages do is told in PROTOCOL.md. May import `wire`.
"""

import inspect
import re
from typing import Any, NamedTuple, get_args

import msgspec

from duologue import __version__
from duologue.wire import messages, refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import Message

Document = dict[str, Any]

_ABOUT = (
    "Two people meet by a six-character code and chat. Each message is one WebSocket text "
    "message with one JSON object; `type` says which it is. The application described here is "
    "the server: it receives what clients say. A client ignores fields and messages that it "
    "does not know. The names of what only `duologue.v1` has begin with V1."
)


class _Protocol(NamedTuple):
    """One of the two that a client can choose when it connects."""

    name: str
    prefix: str
    about: str
    handshake: Document
    client_message: Any
    server_message: Any


_PROTOCOLS = (
    _Protocol(
        "reference",
        "",
        "What a client speaks that asks for no subprotocol. Who disconnects has left.",
        {"type": "object", "properties": {}},
        messages.ClientMessage,
        messages.ServerMessage,
    ),
    _Protocol(
        "v1",
        "V1",
        "What a client speaks that asks for the subprotocol `duologue.v1`: numbered chats, "
        "receipts, and a ticket with which to come back to a seat.",
        {
            "type": "object",
            "properties": {
                "Sec-WebSocket-Protocol": {"type": "string", "const": v1.SUBPROTOCOL}
            },
            "required": ["Sec-WebSocket-Protocol"],
        },
        v1.ClientMessage,
        v1.ServerMessage,
    ),
)

_SAMPLES: Document = {
    "accepted": 14,
    "after_ms": 1500,
    "at": 1767225600000,
    "client_id": "497cdb2e-192b-4dbe-b080-255f2e9328de",
    "content": "안녕, Bob!",
    "delivered": 12,
    "from_": "Alice",
    "heartbeat_s": 25.0,
    "id": 7,
    "max_content_bytes": 16384,
    "pairing": 1,
    "partner": "Alice",
    "partner_here": True,
    "partner_read": 11,
    "protocol": v1.SUBPROTOCOL,
    "read": 40,
    "received": 41,
    "room_code": "8RZ0MQ",
    "ticket": "opaque-text-of-the-server",
    "username": "Alice",
}
"""What stands in an example for a field of that name."""

_REFUSALS: tuple[messages.Error, ...] = (
    refusals.USERNAME_REQUIRED,
    refusals.ALREADY_IN_ROOM,
    refusals.room_not_found("8RZ0MQ"),
    refusals.too_many_codes(60),
    refusals.ROOM_FULL,
    refusals.NOT_IN_ROOM,
    refusals.message_too_long(16384),
    refusals.NO_PARTNER,
    refusals.PARTNER_BEHIND,
    refusals.ROOM_EXPIRED,
    refusals.invalid_message("Object missing required field `content`"),
)
_V1_REFUSALS = (
    refusals.of_chat(refusals.NO_PARTNER, 1, 7),
    refusals.out_of_order(1, 9, 8),
    refusals.TICKET_REFUSED,
    refusals.NOT_AWAY,
)


def as_json() -> bytes:
    """Return the document as people read it: indented, in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=2)


def document() -> Document:
    """Describe both protocols."""
    kinds = dict.fromkeys(kind for protocol in _PROTOCOLS for kind in _kinds(protocol))
    schemas: Document = {}
    for kind in kinds:
        schemas.update(_schemas(kind))
    for protocol in _PROTOCOLS:
        schemas.update(_unions(protocol))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Duologue",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": _server()},
        "channels": {protocol.name: _channel(protocol) for protocol in _PROTOCOLS},
        "operations": {
            name: operation
            for protocol in _PROTOCOLS
            for name, operation in _operations(protocol).items()
        },
        "components": {
            "schemas": schemas,
            "messages": {_name(kind): _message(kind) for kind in kinds},
        },
        "x-close-codes": [
            {"code": int(code), "name": code.name, "meaning": code.meaning}
            for code in CloseCode
        ],
    }


def _server() -> Document:
    return {
        "host": "{address}",
        "protocol": "ws",
        "description": "For `wss`, a reverse proxy stands in front.",
        "variables": {
            "address": {"default": "127.0.0.1:8080", "description": "HOST:PORT of the server"}
        },
    }


def _channel(protocol: _Protocol) -> Document:
    return {
        "address": "/ws",
        "description": protocol.about,
        "messages": {
            name: _reference("messages", name) for name in map(_name, _kinds(protocol))
        },
        "bindings": {
            "ws": {"method": "GET", "headers": protocol.handshake, "bindingVersion": "0.1.0"}
        },
    }


def _operations(protocol: _Protocol) -> Document:
    channel = f"#/channels/{protocol.name}"
    return {
        f"{protocol.name}{speaker}Says": {
            "action": action,
            "channel": {"$ref": channel},
            "summary": f"What the {speaker.lower()} may say.",
            "messages": [
                {"$ref": f"{channel}/messages/{_name(kind)}"} for kind in get_args(union)
            ],
        }
        for speaker, action, union in (
            ("Client", "receive", protocol.client_message),
            ("Server", "send", protocol.server_message),
        )
    }


def _unions(protocol: _Protocol) -> Document:
    """Return the schemas of all that each side may say, as one type each."""
    return {
        name: {
            "title": name,
            "oneOf": [_reference("schemas", _name(kind)) for kind in get_args(union)],
        }
        for name, union in (
            (f"{protocol.prefix}ClientMessage", protocol.client_message),
            (f"{protocol.prefix}ServerMessage", protocol.server_message),
        )
    }


def _message(kind: type[Message]) -> Document:
    name = _name(kind)
    summary, _ = _read_docstring(kind)
    return {
        "name": _tag(kind),
        "title": name,
        "summary": summary,
        "payload": _reference("schemas", name),
        "examples": _examples(kind),
    }


def _examples(kind: type[Message]) -> list[Document]:
    if issubclass(kind, messages.Error):
        said = _REFUSALS + _V1_REFUSALS if kind is v1.Error else _REFUSALS
        return [{"payload": msgspec.to_builtins(error)} for error in said]
    fields = {
        field.encode_name: _SAMPLES[field.name]
        for field in msgspec.structs.fields(kind)
        if field.required
    }
    return [{"payload": {"type": _tag(kind), **fields}}]


def _schemas(kind: type[Message]) -> Document:
    """Return the schema of a message, and those that it refers to, by name."""
    _, schemas = msgspec.json.schema_components(
        [kind], ref_template="#/components/schemas/{name}"
    )
    summary, meanings = _read_docstring(kind)
    schema = schemas.pop(kind.__name__)
    schema |= {"title": _name(kind), "description": summary}
    schema["properties"]["type"] = {"type": "string", "const": _tag(kind)}
    for field, meaning in meanings.items():
        schema["properties"][field]["description"] = meaning
    for other in schemas.values():  # Enumerations of strings, of which msgspec does not say so.
        other["type"] = "string"
    return {_name(kind): schema, **schemas}


def _read_docstring(kind: type[Message]) -> tuple[str, dict[str, str]]:
    """Return what a docstring says of the message, and of each of its fields."""
    text, _, attributes = inspect.cleandoc(kind.__doc__ or "").partition("\n\nAttributes:\n")
    return text, dict(re.findall(r"^    (\w+): (.*)$", attributes, re.MULTILINE))


def _kinds(protocol: _Protocol) -> tuple[type[Message], ...]:
    return get_args(protocol.client_message) + get_args(protocol.server_message)


def _name(kind: type[Message]) -> str:
    """Return a name that tells apart what is called the same in both protocols."""
    return f"V1{kind.__name__}" if kind.__module__ == v1.__name__ else kind.__name__


def _tag(kind: type[Message]) -> str:
    return str(kind.__struct_config__.tag)


def _reference(section: str, name: str) -> Document:
    return {"$ref": f"#/components/{section}/{name}"}
