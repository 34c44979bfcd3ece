"""A conversation as one of its two people has it, whatever its connections do.

Inputs are what the person does, what the server says, and connections that
come and go. `to_say` and `happened` return, once, what follows from them.
Laws: nothing is said before the server knows who speaks; a seat is asked for
until there is an answer; what cannot be right breaks the connection, not this.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Self

from duologue.client import events
from duologue.client.entrance import Entrance, Wish, trimmed
from duologue.client.outgoing import Failure, Outgoing
from duologue.client.saved import Saved
from duologue.client.seat import USUAL_LIMIT_BYTES, Seat
from duologue.errors import AlreadyInRoom, ConversationEnded, NotInRoom
from duologue.wire import v1
from duologue.wire.messages import ErrorCode

_TICKET_REFUSED = Failure.TICKET_REFUSED, events.TicketRefused()
_ROOM_EXPIRED = Failure.PARTNER_LEFT, events.RoomExpired()  # That is for who is alone.


class Link(Enum):
    """What the connection is good for."""

    OFFLINE = "offline"
    """There is none."""

    GREETING = "greeting"
    """It is open; the server has not said `connected` yet."""

    RESUMING = "resuming"
    """It is open; the ticket was shown, and nothing else may be said."""

    ONLINE = "online"
    """Anything may be said."""

    BROKEN = "broken"
    """What came over it cannot be right: drop it, wait a little, open another."""

    ENDED = "ended"
    """There will be no other."""


class Conversation:
    """One person's side. It never does anything by itself.

    Attributes:
        link: What the present connection is good for.
        seat: The place in a room; None while there is none.
        max_content_bytes: The longest message that the server takes, as UTF-8.
        reconnect_after_ms: Set while a server that stops wants us back so late.
    """

    def __init__(self, username: str) -> None:
        self.link = Link.OFFLINE
        self.seat: Seat | None = None
        self.max_content_bytes = USUAL_LIMIT_BYTES
        self.reconnect_after_ms: int | None = None
        self._entrance = Entrance(username)
        self._is_leaving = False
        self._is_ticket_shown = self._is_leave_said = False
        self._events: list[events.Event] = []

    @classmethod
    def restored(cls, saved: Saved) -> Self:
        """Go on where an earlier run of the program was; it begins offline."""
        conversation = cls(saved.username)
        conversation._entrance.known(saved.username)
        conversation.seat = saved.seat(conversation._tell)
        return conversation

    def saved(self) -> Saved | None:
        """Return what `restored` takes; None while there is no seat to come back to."""
        if self.seat is None or self._is_leaving:
            return None
        return Saved.of(self.username, self.seat)

    @property
    def username(self) -> str:
        """What the partner sees."""
        return self._entrance.username

    @property
    def has_wish(self) -> bool:
        """Whether a room was asked for, and there is no answer yet."""
        return self._entrance.wish is not None

    @property
    def wakes_at(self) -> float | None:
        """When `tick` has something to do; None for never."""
        return None if self.seat is None else self.seat.wakes_at

    # What follows

    def to_say(self) -> Sequence[v1.ClientMessage]:
        """Return what to say now, in this order; it counts as said."""
        match self.link:
            case Link.RESUMING:
                return self._say_ticket()
            case Link.ONLINE:
                is_seated = self.seat is not None
                may_ask = not is_seated and not self._is_leaving
                greeting = self._entrance.to_say(is_seated=is_seated, may_ask=may_ask)
                return [*greeting, *self._say_in_room()]
            case _:
                return []

    def happened(self) -> list[events.Event]:
        """Return what the program has not been told yet."""
        happened, self._events = self._events, []
        return happened

    # Connections

    def opened(self) -> None:
        """A new connection is open; whatever was before it is gone."""
        self.closed()
        if self.link is Link.ENDED:
            return
        if self.seat is None:
            self._entrance.forgotten()
        self.link = Link.GREETING if self.seat is None else Link.RESUMING

    def closed(self) -> None:
        """The connection is gone, if there was one."""
        if self.link in {Link.OFFLINE, Link.ENDED}:
            return
        if self.link in {Link.ONLINE, Link.BROKEN}:
            self._tell(events.Offline())
        self.link = Link.OFFLINE
        self.reconnect_after_ms = None
        self._entrance.closed()
        self._is_ticket_shown = self._is_leave_said = False
        if self.seat is not None:
            self.seat.closed()
        elif self._is_leaving:
            self._stand_up(Failure.YOU_LEFT, events.RoomLeft())

    def end(self, reason: str, *, is_saved: bool = False) -> None:
        """End for good: what is not delivered is reported, or saved for the next run."""
        if self.link is Link.ENDED:
            return
        self.link = Link.ENDED
        self._entrance.forget_wish()
        if is_saved and self.seat is not None and not self._is_leaving:
            self.seat.closed()
            self._tell(events.Ended(reason))
        else:
            self._stand_up(Failure.ENDED, events.Ended(reason))

    def tick(self, now: float) -> None:
        """Some time has passed; see `wakes_at`."""
        if self.seat is not None:
            self.seat.tick(now)

    # What the person does

    def create_room(self) -> None:
        """Open a room, now or once online.

        Raises:
            AlreadyInRoom: There is a room, or one was asked for.
            ConversationEnded: There will be no other connection.
        """
        self._want(v1.CreateRoom())

    def join_room(self, code: str) -> None:
        """Take a seat in a room, now or once online; raises as `create_room` does."""
        self._want(v1.JoinRoom(code))

    def send(self, content: str) -> Outgoing:
        """Queue a message for the present partner, away or not, online or not.

        Raises:
            NotInRoom: There is no room, or it is being left.
            NoPartner: Nobody has joined yet, or the partner has left.
            EmptyMessage: There is nothing in it.
            MessageTooLong: There is too much in it.
            ConversationEnded: There will be no other connection.
        """
        return self._seat_or_raise().send(content)

    def take(self, chat: events.Chat) -> None:
        """The program has taken this chat, and all before it."""
        if (seat := self.seat_of(chat)) is not None:
            seat.inbox.take(chat.id)

    def seat_of(self, chat: events.Chat) -> Seat | None:
        """Return the seat, if this chat is of its present pairing."""
        seat, its = self.seat, (chat.room_code, chat.pairing)
        return seat if seat is not None and (seat.room_code, seat.pairing) == its else None

    def mark_read(self, chat: events.Chat) -> None:
        """The person has seen this chat, and all before it."""
        if (seat := self.seat_of(chat)) is not None:
            seat.inbox.see(chat.id)

    def typing(self, now: float) -> None:
        """A key was pressed, at so many seconds; call it for each, it is said seldom."""
        if self.seat is not None and self.link is Link.ONLINE:
            self.seat.press(now)

    def stop_typing(self) -> None:
        """The text was cleared, or left."""
        if self.seat is not None:
            self.seat.own_typing.stop()

    def rename(self, username: str) -> None:
        """Take another name; raises `InvalidUsername` if there is nothing in it."""
        self._entrance.username = trimmed(username)

    def free_seat(self) -> None:
        """Don't wait for a partner who is away any longer; raises as `send` does."""
        self._seat_or_raise().free()

    def leave(self) -> None:
        """Give up the seat, or the wish for one; `room_left` follows.

        What is on its way may still be delivered until then.

        Raises:
            NotInRoom: There is no room, it is being left, or none was asked for.
            ConversationEnded: There will be no other connection.
        """
        entrance = self._entrance
        if entrance.wish is None:
            self._seat_or_raise()
        is_asked = self.seat is not None or entrance.is_asked
        entrance.forget_wish()
        if is_asked or self._is_leaving:
            self._is_leaving = True
        else:
            self._tell(events.RoomLeft())

    # What the server says

    def hear(self, message: v1.ServerMessage, now: float) -> None:
        """Deal with what came over the present connection; `now` as for `typing`."""
        if self.link in {Link.OFFLINE, Link.BROKEN, Link.ENDED}:
            return  # There is no connection that it could have come over.
        match message:
            case v1.Connected():
                self._greeted(message)
            case v1.Reconnect():
                self.reconnect_after_ms = message.after_ms
            case _ if self.link is Link.RESUMING and self.seat is not None:
                self._hear_of_ticket(self.seat, message)
            case _ if self.link is Link.ONLINE:
                self._hear_online(message, now)

    def _greeted(self, message: v1.Connected) -> None:
        self._entrance.client_id = message.client_id
        self.max_content_bytes = message.max_content_bytes
        if self.seat is not None:
            self.seat.limit_bytes = message.max_content_bytes
        if self.link is Link.GREETING:
            self._go_online()

    def _hear_of_ticket(self, seat: Seat, message: v1.ServerMessage) -> None:
        match message:
            case v1.Resumed():
                self._entrance.recognized()
                self._go_online()
                if seat.is_of_another(message):
                    self._disown()
                else:
                    seat.resumed(message)
            case v1.Error():
                self._entrance.forgotten()
                self._lose_seat(*_TICKET_REFUSED)
                self.link = Link.GREETING
                if self._entrance.client_id is not None:
                    self._go_online()

    def _hear_online(self, message: v1.ServerMessage, now: float) -> None:
        match message:
            case v1.Connected() | v1.Reconnect() | v1.Pong():
                pass
            case v1.UsernameSet():
                self._entrance.known(message.username)
            case v1.RoomCreated() | v1.RoomJoined() | v1.Resumed():
                self._sit_down(message)
            case v1.RoomLeft():
                self._entrance.left(message.client_id)
                self._left()
            case v1.Error():
                self._hear_error(message)
            case v1.PartnerBack() if self.seat is not None and self.seat.is_of_another(message):
                self._disown()
            case v1.Said():
                self._hear_chat(message)
            case _:
                if self.seat is not None:
                    self.seat.hear(message, now)

    def _hear_chat(self, chat: v1.Said) -> None:
        if self.seat is not None and not self.seat.arrive(chat):
            self.link = Link.BROKEN

    def _hear_error(self, error: v1.Error) -> None:
        match error.code:
            case ErrorCode.NOT_IN_ROOM if self.seat is None or self._is_leaving:
                self._left()
            case ErrorCode.NOT_IN_ROOM:  # The ticket can tell who is right, later.
                self.link = Link.BROKEN
            case _ if isinstance(error.pairing, int) and isinstance(error.id, int):
                if self.seat is not None and self.seat.pairing == error.pairing:
                    self.seat.refused(error, error.id)
            case ErrorCode.TICKET_REFUSED:
                self._lose_seat(*_TICKET_REFUSED)
            case ErrorCode.ROOM_EXPIRED:
                self._lose_seat(*_ROOM_EXPIRED)
            case _ if self._entrance.refused(error.code):
                self._tell(events.Refused.by(error))

    def _go_online(self) -> None:
        self.link = Link.ONLINE
        self._tell(events.Online())

    # What is said

    def _say_ticket(self) -> list[v1.ClientMessage]:
        if self.seat is None or self._is_ticket_shown:
            return []
        self._is_ticket_shown = True
        return [self.seat.resume()]

    def _say_in_room(self) -> list[v1.ClientMessage]:
        if self._is_leave_said:
            return []
        due = [] if self.seat is None else self.seat.to_say()
        if self._is_leaving:
            self._is_leave_said = True
            due.append(v1.LeaveRoom())
        return due

    # Seats and wishes

    def _want(self, wish: Wish) -> None:
        if self.link is Link.ENDED:
            raise ConversationEnded("there will be no other connection")
        if self._entrance.wish is not None or (self.seat is not None and not self._is_leaving):
            raise AlreadyInRoom("leave first")
        self._entrance.wish = wish

    def _sit_down(self, message: v1.RoomCreated | v1.RoomJoined | v1.Resumed) -> None:
        """Take the seat that the server gives, unless there is one."""
        if self.seat is not None:
            return
        if not self._is_leaving:
            self._entrance.forget_wish()
        partner = None if isinstance(message, v1.RoomCreated) else message.partner
        self.seat = Seat(
            message.room_code, message.ticket, message.pairing, partner, self._tell
        )
        self.seat.limit_bytes = self.max_content_bytes
        if isinstance(message, v1.RoomCreated):
            self._tell(events.RoomCreated(message.room_code))
        else:
            self._tell(events.RoomJoined(message.room_code, message.pairing, partner))
        if isinstance(message, v1.Resumed):
            self.seat.resumed(message)

    def _left(self) -> None:
        if self.seat is not None or self._is_leaving:
            self._stand_up(Failure.YOU_LEFT, events.RoomLeft())

    def _lose_seat(self, reason: Failure, event: events.Event) -> None:
        """The ticket is no good any more: someone who was leaving has left, then."""
        if self._is_leaving:
            self._left()
        elif self.seat is not None:
            self._stand_up(reason, event)

    def _disown(self) -> None:
        """Another copy of this program has the seat: let go of it, but don't free it."""
        self._lose_seat(*_TICKET_REFUSED)
        self.link = Link.BROKEN

    def _stand_up(self, reason: Failure, event: events.Event) -> None:
        seat, self.seat = self.seat, None
        self._is_leaving = self._is_leave_said = False
        if seat is not None:
            seat.give_up(reason)
        self._tell(event)

    def _seat_or_raise(self) -> Seat:
        if self.link is Link.ENDED:
            raise ConversationEnded("there will be no other connection")
        if self.seat is None or self._is_leaving:
            raise NotInRoom("create or join a room first")
        return self.seat

    def _tell(self, event: events.Event) -> None:
        self._events.append(event)
