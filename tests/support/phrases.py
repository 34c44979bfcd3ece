"""Short ways to say what people of `duologue.v1` say, and what they hear."""

import msgspec

from duologue.wire import v1
from tests.support.stage import TICKET, Person, Stage

CODE = "000000"
"""The code of the first room on every stage."""


def chat(chat_id: int, content: str = "hi", *, pairing: int = 1) -> v1.Chat:
    """Make a numbered chat."""
    return v1.Chat(pairing, chat_id, content)


def said(
    name: str, chat_id: int, content: str = "hi", *, pairing: int = 1, at: int = 0
) -> v1.Said:
    """Make what its receiver hears of it."""
    return v1.Said(name, pairing, chat_id, content, at)


def resumed(
    client_id: str,
    partner: str | None,
    *,
    is_here: bool = True,
    pairing: int = 1,
    **counts: int,
) -> v1.Resumed:
    """Make the answer to a good ticket; a count that is not given is 0."""
    is_here = is_here and partner is not None
    message = v1.Resumed(client_id, CODE, TICKET, pairing, partner, is_here, 0, 0, 0)
    return msgspec.structs.replace(message, **counts)


def comes_back(
    stage: Stage, person: Person, *, received: int = 0, read: int = 0, delivered: int = 0
) -> Person:
    """Let someone show their newest ticket on a new connection."""
    again = stage.connect_v1(person.name)
    stage.transcript.pop()
    again.ticket = person.ticket
    again.says(v1.Resume(person.ticket, received, read, delivered))
    return again
