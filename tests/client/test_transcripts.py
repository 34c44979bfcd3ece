"""Runs tests/transcripts, whose README.md explains the format.

In short: a transcript has a `username` or `restored`, and `steps`. A step has
`hear` or `do` (with its arguments), and all that is said and happens then, as
`says` and `happens`; what is left out is empty. It may have `link`, the state
of the connection after it, and `raises`, the name of the error.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from duologue import errors
from duologue.client import events
from duologue.client.conversation import Conversation
from duologue.client.saved import Saved
from duologue.wire import v1

TRANSCRIPTS = sorted((Path(__file__).parents[1] / "transcripts").glob("*.json"))

WITH_TIME = {"typing", "tick"}
WITH_CHAT = {"take", "mark_read"}


def as_json(thing: Any) -> Any:
    if not isinstance(thing, events.NotDelivered):
        return msgspec.to_builtins(thing)
    names = ("pairing", "id", "content", "failure")
    messages = [{name: getattr(message, name) for name in names} for message in thing.messages]
    return {"event": "not_delivered", "messages": messages}


def is_as(expected: Any, actual: list[Any]) -> bool:
    if isinstance(expected, dict):
        first_last = {"count": len(actual), "first": actual[0], "last": actual[-1]}
        return expected == first_last
    return bool(expected == actual)


class Run:
    """One transcript on its way."""

    def __init__(self, transcript: Any) -> None:
        if "restored" in transcript:
            saved = msgspec.convert(transcript["restored"], Saved, strict=False)
            self.conversation = Conversation.restored(saved)
        else:
            self.conversation = Conversation(transcript["username"])
        self.chats: dict[tuple[int, int], events.Chat] = {}

    def step(self, step: Any) -> None:
        for _ in range(step.get("times", 1)):
            if "hear" in step:
                message: v1.ServerMessage = msgspec.convert(step["hear"], v1.ServerMessage)
                self.conversation.hear(message, step.get("now", 0))
            else:
                self.do(step)

    def do(self, step: Any) -> None:
        verb = getattr(self.conversation, step["do"])
        if step["do"] in WITH_CHAT:
            arguments = [self.chats[step["pairing"], step["id"]]]
        elif step["do"] in WITH_TIME:
            arguments = [step["now"]]
        else:
            names = ("code", "content", "username", "reason")
            arguments = [step[name] for name in names if name in step]
        if "raises" in step:
            with pytest.raises(getattr(errors, step["raises"])):
                verb(*arguments)
        else:
            verb(*arguments)

    def outcome(self) -> tuple[list[Any], list[Any]]:
        said = [as_json(message) for message in self.conversation.to_say()]
        happened = self.conversation.happened()
        for event in happened:
            if isinstance(event, events.Chat):
                self.chats[event.pairing, event.id] = event
        return said, [as_json(event) for event in happened]


def test_there_are_transcripts() -> None:
    assert TRANSCRIPTS


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(path: Path) -> None:
    transcript = json.loads(path.read_text())
    run = Run(transcript)
    for number, step in enumerate(transcript["steps"], start=1):
        run.step(step)
        said, happened = run.outcome()
        where = f"step {number}: {step}"
        assert is_as(step.get("says", []), said), (where, said)
        assert happened == step.get("happens", []), where
        assert run.conversation.link.value == step.get("link", run.conversation.link.value)
