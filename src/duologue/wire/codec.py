"""Text of a WebSocket message to and from the messages of the protocol.

Built once. The limit on a whole message is the listener's to keep, the limit
on its content the session's.
"""

from collections.abc import Callable

import msgspec

from duologue.wire import v1
from duologue.wire.messages import ClientMessage, Message

# An error quotes what the client sent; this much of it is enough to see what is meant.
_EXPLANATION_CHARS = 200

decode: Callable[[str], ClientMessage] = msgspec.json.Decoder(ClientMessage).decode
"""Read a reference client's message; raises one of `UNDECODABLE` if the text is none."""

decode_v1: Callable[[str], v1.ClientMessage] = msgspec.json.Decoder(v1.ClientMessage).decode
"""Read a message of a client of `duologue.v1`, likewise."""

decode_reply: Callable[[str], v1.ServerMessage] = msgspec.json.Decoder(v1.ServerMessage).decode
"""Read what the server says to such a client, likewise."""

encode: Callable[[Message], bytes] = msgspec.json.Encoder().encode
"""Make the compact JSON of a message, as UTF-8."""

UNDECODABLE = (msgspec.DecodeError, RecursionError)
"""What the decoders raise. They are bare functions of msgspec, so that decoding
costs no call of ours; nothing else in the core can recurse."""


def explain(error: Exception) -> str:
    """Say what is wrong with a text that is no message, and where, for its sender."""
    if isinstance(error, RecursionError):
        return "JSON is nested too deeply"
    return str(error)[:_EXPLANATION_CHARS]
