"""Text of a WebSocket message to and from the messages of the protocol.

Built once. The limit on a whole message is the listener's to keep, the limit
on its content the session's.
"""

from collections.abc import Callable

import msgspec

from duologue.wire.messages import ClientMessage, ServerMessage

# An error quotes what the client sent; this much of it is enough to see what is meant.
_EXPLANATION_CHARS = 200

decode: Callable[[str], ClientMessage] = msgspec.json.Decoder(ClientMessage).decode
"""Read a client's message; raises one of `UNDECODABLE` if the text is none."""

encode: Callable[[ServerMessage], bytes] = msgspec.json.Encoder().encode
"""Make the compact JSON of a server message, as UTF-8."""

UNDECODABLE = (msgspec.DecodeError, RecursionError)
"""What `decode` raises. It is the bare function of msgspec, so that decoding
costs no call of ours; nothing else in the core can recurse."""


def explain(error: Exception) -> str:
    """Say what is wrong with a text that is no message, and where, for its sender."""
    if isinstance(error, RecursionError):
        return "JSON is nested too deeply"
    return str(error)[:_EXPLANATION_CHARS]
