"""My place in a room: the ticket for it, who sits opposite, and our messages.

It outlives connections, and each pairing in it begins anew. Hears what the
server says to someone who is seated; the conversation deals with the rest.
"""

from collections.abc import Callable
from typing import assert_never

from duologue.client import events
from duologue.client.inbox import Inbox
from duologue.client.outbox import Outbox
from duologue.client.outgoing import Failure, Outgoing
from duologue.client.typing_state import OwnTyping, PartnerTyping
from duologue.errors import EmptyMessage, MessageTooLong, NoPartner
from duologue.wire import v1
from duologue.wire.messages import ErrorCode

ToSeated = (
    v1.PartnerJoined
    | v1.Ticket
    | v1.Sent
    | v1.Delivered
    | v1.PartnerRead
    | v1.PartnerTyping
    | v1.PartnerStopTyping
    | v1.PartnerAway
    | v1.PartnerBack
    | v1.PartnerRenamed
    | v1.PartnerLeft
    | v1.Knock
)
"""What only someone who is seated is told, but for chats and errors."""

USUAL_LIMIT_BYTES = 16 * 1024
"""How long a message may be where the server has not said."""


class Seat:
    """A place in a room, and the present pairing.

    Attributes:
        room_code: What the partner types.
        ticket: The newest that the server gave; it brings the seat back.
        pairing: 0 until somebody sits opposite.
        partner: Who sits opposite; None if nobody does.
        partner_is_here: Whether the partner was connected when last heard of.
        limit_bytes: The longest message that the server takes, as UTF-8.
    """

    def __init__(
        self,
        room_code: str,
        ticket: str,
        pairing: int,
        partner: str | None,
        tell: Callable[[events.Event], None],
    ) -> None:
        self.room_code = room_code
        self.ticket = ticket
        self.limit_bytes = USUAL_LIMIT_BYTES
        self.own_typing = OwnTyping()
        self.partner_typing = PartnerTyping()
        self._tell = tell
        self._meet(pairing, partner)

    def _meet(self, pairing: int, partner: str | None) -> None:
        """Begin a pairing: nothing of the one before has a place in it."""
        self.pairing = pairing
        self.partner = partner
        self.partner_is_here = partner is not None
        self.outbox = Outbox(pairing, self._tell)
        self.inbox = Inbox(pairing)
        self._frees_seat = self._is_free_said = False

    # What to say

    def resume(self) -> v1.Resume:
        """Return what brings the seat back on a new connection."""
        self.inbox.count_as_said()
        return v1.Resume(
            ticket=self.ticket,
            received=self.inbox.received,
            read=self.inbox.read,
            delivered=self.outbox.counts.delivered,
        )

    def to_say(self) -> list[v1.ClientMessage]:
        """Return what is due on a connection that has this seat."""
        if self.partner is None:
            return []
        due = [*self.inbox.to_say(), *self.own_typing.to_say(), *self.outbox.to_say()]
        if self._frees_seat and not self._is_free_said:
            self._is_free_said = True
            due.append(v1.FreeSeat())
        return due

    # What the person does

    def send(self, content: str) -> Outgoing:
        """Put a message into the outbox, or raise what it is that forbids it."""
        if self.partner is None:
            raise NoPartner("nobody is here to read this")
        if not content:
            raise EmptyMessage("a message has to say something")
        size_bytes = len(content.encode())
        if size_bytes > self.limit_bytes:
            raise MessageTooLong(size_bytes, self.limit_bytes)
        self.own_typing.stop()
        return self.outbox.add(content)

    def press(self, now: float) -> None:
        """A key was pressed; only a partner who is here would want to know."""
        if self.partner_is_here:
            self.own_typing.press(now)

    def free(self) -> None:
        """The partner, who is away, need not come back."""
        if self.partner is None:
            raise NoPartner("nobody sits opposite")
        self._frees_seat, self._is_free_said = True, False

    @property
    def wakes_at(self) -> float | None:
        """When `tick` has something to do; None for never."""
        moments = (self.own_typing.idle_at, self.partner_typing.expires_at)
        return min((moment for moment in moments if moment is not None), default=None)

    def tick(self, now: float) -> None:
        """Let typing expire."""
        self.own_typing.tick(now)
        if self.partner_typing.tick(now):
            self._tell(events.PartnerStoppedTyping())

    def closed(self) -> None:
        """The connection is gone; nobody types over none."""
        self._quiet()
        if self._is_free_said:
            # It may have been lost; to who is here it was refused.
            self._frees_seat, self._is_free_said = not self.partner_is_here, False

    def give_up(self, reason: Failure) -> None:
        """The seat is lost, and with it what was not delivered."""
        self._quiet()
        self.outbox.fail(reason)

    # What the server says

    def is_of_another(self, message: v1.Resumed | v1.PartnerBack) -> bool:
        """Whether the server has heard chats in this seat that are not of this program."""
        if isinstance(message, v1.Resumed) and message.pairing != self.pairing:
            return False
        return self.outbox.is_of_another(message.accepted)

    def resumed(self, message: v1.Resumed) -> None:
        """The seat is ours again: compare what the server knows with what we knew."""
        self.ticket = message.ticket
        if message.pairing != self.pairing:
            self._partner_left()
            self._meet(message.pairing, None)
        if message.partner is not None:
            self._go_on_after(message.accepted)
        self.outbox.delivered(message.delivered)
        self.outbox.read(message.partner_read)
        if message.partner is None:
            self._partner_left()
            return
        if self.partner is None:
            self._sit_opposite(message.partner)
        self._rename_partner(message.partner)
        self._set_presence(is_here=message.partner_here)

    def arrive(self, chat: v1.Said) -> bool:
        """Pass on the next chat and drop a repeat; False if there is a gap before it."""
        if self.partner is None or chat.pairing != self.pairing:
            return True
        if chat.id <= self.inbox.arrived:
            self.inbox.repeated(chat.id)
            return True
        if chat.id > self.inbox.arrived + 1:
            return False
        self.inbox.arrive(chat.id, is_empty=not chat.content)
        self._stop_partner_typing()
        if chat.content:
            self._tell(
                events.Chat(
                    room_code=self.room_code,
                    pairing=chat.pairing,
                    id=chat.id,
                    sender=chat.from_,
                    content=chat.content,
                    at=chat.at,
                )
            )
        return True

    def refused(self, error: v1.Error, chat_id: int) -> None:
        """A chat of this pairing was not passed on."""
        match error.code:
            case ErrorCode.OUT_OF_ORDER if isinstance(error.expected, int):
                self._go_on_after(error.expected - 1)
            case ErrorCode.PARTNER_BEHIND:
                self.outbox.hold()
            case ErrorCode.NO_PARTNER:
                self._partner_left()
            case ErrorCode.MESSAGE_TOO_LONG:
                self.outbox.refuse(chat_id, Failure.TOO_LONG)
            case _:
                self.outbox.refuse(chat_id, Failure.REFUSED)

    def hear(self, message: ToSeated, now: float) -> None:
        """Deal with anything else."""
        match message:
            case v1.Sent() | v1.Delivered() | v1.PartnerRead():
                self._confirm(message)
            case v1.PartnerJoined():
                self._partner_joined(message)
            case v1.PartnerLeft():
                self._partner_left()
            case v1.PartnerAway() | v1.PartnerBack():
                self._hear_presence(message)
            case v1.PartnerRenamed():
                self._rename_partner(message.username)
            case v1.PartnerTyping() | v1.PartnerStopTyping():
                self._hear_typing(message, now)
            case v1.Ticket():
                self.ticket = message.ticket
            case v1.Knock():
                self._tell(events.Knock(message.username))
            case _:
                assert_never(message)

    def _confirm(self, message: v1.Sent | v1.Delivered | v1.PartnerRead) -> None:
        if message.pairing != self.pairing:
            return
        match message:
            case v1.Sent():
                self.outbox.sent(message.id)
            case v1.Delivered():
                self.outbox.delivered(message.id)
            case _:
                self.outbox.read(message.id)

    def _hear_presence(self, message: v1.PartnerAway | v1.PartnerBack) -> None:
        self._set_presence(is_here=isinstance(message, v1.PartnerBack))
        if isinstance(message, v1.PartnerBack):
            self._go_on_after(message.accepted)

    def _go_on_after(self, chat_id: int) -> None:
        self.outbox.go_on_after(chat_id)
        self.outbox.refuse_longer(self.limit_bytes)

    def _hear_typing(
        self, message: v1.PartnerTyping | v1.PartnerStopTyping, now: float
    ) -> None:
        if isinstance(message, v1.PartnerStopTyping):
            self._stop_partner_typing()
        elif self.partner_typing.start(now):
            self._tell(events.PartnerTyping())

    def _partner_joined(self, message: v1.PartnerJoined) -> None:
        if message.pairing > self.pairing:
            self.ticket = message.ticket
            self._partner_left()
            self._meet(message.pairing, None)
            self._sit_opposite(message.username)

    def _sit_opposite(self, username: str) -> None:
        self.partner = username
        self.partner_is_here = True
        self._tell(events.PartnerJoined(username, self.pairing))

    def _partner_left(self) -> None:
        """The pairing is over, if there was one."""
        if self.partner is not None:
            self.partner = None
            self.partner_is_here = False
            self._quiet()
            self.outbox.fail(Failure.PARTNER_LEFT)
            self._tell(events.PartnerLeft())

    def _set_presence(self, *, is_here: bool) -> None:
        if self.partner is not None and is_here != self.partner_is_here:
            self.partner_is_here = is_here
            self._frees_seat = self._is_free_said = False
            self._quiet()
            self._tell(events.PartnerBack() if is_here else events.PartnerAway())

    def _rename_partner(self, username: str) -> None:
        if self.partner is not None and username != self.partner:
            self.partner = username
            self._tell(events.PartnerRenamed(username))

    def _stop_partner_typing(self) -> None:
        if self.partner_typing.stop():
            self._tell(events.PartnerStoppedTyping())

    def _quiet(self) -> None:
        self.own_typing.forget()
        self._stop_partner_typing()
