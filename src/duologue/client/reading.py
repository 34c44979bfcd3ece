"""Makes messages of what a server says, of today or later. Pure."""

from typing import get_args

import msgspec

from duologue.wire import v1
from duologue.wire.codec import UNDECODABLE, decode_reply
from duologue.wire.messages import ErrorCode

_TYPES = frozenset(message.__struct_config__.tag for message in get_args(v1.ServerMessage))
_CODES = frozenset(ErrorCode)


class _Label(msgspec.Struct):
    type: str
    code: str = ""


_label = msgspec.json.Decoder(_Label).decode


class Unreadable(Exception):
    """The server said what no server may say."""


def read(text: str) -> v1.ServerMessage | None:
    """Return the message, or None if only a later server can mean something by it.

    Raises:
        Unreadable: It is no message.
    """
    try:
        return decode_reply(text)
    except UNDECODABLE as error:
        if _is_of_later_version(text):
            return None
        raise Unreadable from error


def _is_of_later_version(text: str) -> bool:
    try:
        label = _label(text)
    except UNDECODABLE:
        return False
    return label.type not in _TYPES or (label.type == "error" and label.code not in _CODES)
