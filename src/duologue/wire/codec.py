"""Text of a WebSocket message to and from the messages of the protocol.

Built once. The limit on a whole message is the listener's to keep, the limit
on its content the session's.
"""

from collections.abc import Callable

import msgspec

from duologue.errors import InvalidMessage
from duologue.wire.messages import ClientMessage, ServerMessage

# An error quotes what the client sent; this much of it is enough to see what is meant.
_EXPLANATION_CHARS = 200

_decode_json: Callable[[str], ClientMessage] = msgspec.json.Decoder(ClientMessage).decode

encode: Callable[[ServerMessage], bytes] = msgspec.json.Encoder().encode
"""Make the compact JSON of a server message, as UTF-8."""


def decode(text: str) -> ClientMessage:
    """Read a client's message.

    Raises:
        InvalidMessage: `text` is not JSON, or not a message of the protocol.
    """
    try:
        return _decode_json(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidMessage(str(error)[:_EXPLANATION_CHARS]) from None
    except RecursionError:
        raise InvalidMessage("JSON is nested too deeply") from None
