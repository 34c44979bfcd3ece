"""What was said and what happened, in order, as a person reads it. Pure.

It knows nothing of widgets; `layout` makes rows of its entries.
"""

from dataclasses import dataclass

from duologue.client import (
    Chat,
    Event,
    Message,
    NotDelivered,
    PartnerJoined,
    PartnerLeft,
    PartnerRenamed,
    RoomCreated,
    RoomExpired,
    RoomJoined,
    RoomLeft,
    TicketRefused,
)
from duologue.terminal.telling import FAILURES
from duologue.terminal.visible import visible, visible_line
from duologue.tui import words

_MOST_ENTRIES = 10_000
_MOST_CHARS = 2_000_000
_DROPPED_AT_ONCE = 500

_OUTSIDE = {
    RoomLeft: words.YOU_LEFT,
    TicketRefused: words.SEAT_LOST,
    RoomExpired: words.ROOM_EXPIRED,
}
"""How one comes to be in no room."""


@dataclass(slots=True, eq=False)
class Note:
    """Something that happened; times are in milliseconds since 1970."""

    at: int
    text: str


@dataclass(slots=True, eq=False)
class Said:
    """Something that someone said; `message` tells how far one of ours has come."""

    at: int
    sender: str
    text: str
    message: Message | None = None


Entry = Note | Said


class Story:
    """The entries there are, and the names that they go by.

    Attributes:
        entries: The newest last. The oldest go when there are too many.
        dropped: How many have gone.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.dropped = 0
        self._chars = 0
        self._partner = words.SOMEONE
        self._room_code = ""

    @property
    def last_heard(self) -> str | None:
        """What the partner said last."""
        heard = (
            entry.text
            for entry in reversed(self.entries)
            if isinstance(entry, Said) and entry.message is None
        )
        return next(heard, None)

    def said(self, message: Message, at: int) -> None:
        """Take in a message of ours."""
        self._add(Said(at, words.YOU, visible(message.content), message))

    def note(self, text: str, at: int) -> None:
        """Take in that something happened, whatever it was."""
        self._add(Note(at, text))

    def hear(self, event: Event, at: int) -> None:
        """Take in what an event adds to the story, if it does."""
        match event:
            case Chat():
                name = visible_line(event.sender) or words.SOMEONE
                self._add(Said(event.at, name, visible(event.content)))
            case RoomCreated():
                self._room_code = event.room_code
            case RoomJoined():
                self._room_code = event.room_code
                self._meet(event.partner, words.MET, at)
            case PartnerJoined():
                self._meet(event.username, words.JOINED, at)
            case PartnerRenamed():
                old, self._partner = self._partner, visible_line(event.username)
                self.note(words.RENAMED.format(old=old, new=self._partner), at)
            case PartnerLeft():
                code = self._room_code
                self.note(words.LEFT.format(name=self._partner, code=code), at)
            case RoomLeft() | TicketRefused() | RoomExpired():
                self.note(_OUTSIDE[type(event)], at)
            case NotDelivered():
                self._fail(event, at)

    def _meet(self, name: str | None, how: str, at: int) -> None:
        if name is not None:
            self._partner = visible_line(name) or words.SOMEONE
            self.note(how.format(name=self._partner), at)

    def _fail(self, event: NotDelivered, at: int) -> None:
        reason = event.messages[0].failure if event.messages else None
        if reason is not None:
            lost = words.counted(words.NOT_DELIVERED, len(event.messages))
            self.note(f"{lost}: {FAILURES[reason]}", at)

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._chars += len(entry.text)
        if len(self.entries) > _MOST_ENTRIES or self._chars > _MOST_CHARS:
            self._drop(entry.at)

    def _drop(self, at: int) -> None:
        """Drop many at once: each time all that is laid out moves."""
        most = max(len(self.entries) - 1, 1)
        count = min(_DROPPED_AT_ONCE, most)
        self._chars -= sum(len(entry.text) for entry in self.entries[:count])
        while self._chars > _MOST_CHARS and count < most:
            self._chars -= len(self.entries[count].text)
            count += 1
        note = Note(at, words.DROPPED)
        self.entries[:count] = [note]
        self._chars += len(note.text)
        self.dropped += count - 1
