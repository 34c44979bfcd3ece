"""My messages of one pairing, kept until the partner's program has them.

Laws: numbers are given once and said in order; a number whose message is gone
is said as an empty chat, so that those after it keep theirs; a message leaves
the outbox only as delivered or as failed, and never without a word.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping

from duologue.client import events
from duologue.client.outgoing import Counts, Failure, Outgoing
from duologue.wire import v1

WINDOW = 256
"""So many chats may be on their way to the server before it confirms one."""


class Outbox:
    """Numbers messages, says them, says them again where the server wants.

    Attributes:
        last: The highest number given so far.
        counts: How far the messages have come, as told by server and partner.
        is_held: Whether the partner is behind: nothing is said for now.
    """

    def __init__(self, pairing: int, tell: Callable[[events.Event], None]) -> None:
        self.pairing = pairing
        self.last = 0
        self.counts = Counts()
        self.is_held = False
        self._tell = tell
        self._next = 1
        self._said = 0
        self._waiting: OrderedDict[int, Outgoing] = OrderedDict()

    @property
    def waiting(self) -> tuple[Outgoing, ...]:
        """What is not known to be delivered, in order."""
        return tuple(self._waiting.values())

    def add(self, content: str) -> Outgoing:
        """Give a message its number."""
        self.last += 1
        message = Outgoing(self.pairing, self.last, content, self.counts)
        self._waiting[message.id] = message
        return message

    def restore(self, contents: Mapping[int, str], last: int, counts: Counts) -> None:
        """Take over what an earlier run of the program has saved."""
        self.last = last
        self.counts = counts
        self._next = counts.sent + 1
        self._said = last  # By an earlier run, for all that is known here.
        for id_, content in contents.items():
            self._waiting[id_] = Outgoing(self.pairing, id_, content, counts)

    def to_say(self) -> list[v1.Chat]:
        """Return the chats that may be said now; they count as said."""
        if self.is_held:
            return []
        first, end = self._next, min(self.last, self.counts.sent + WINDOW) + 1
        self._next = max(first, end)
        self._said = max(self._said, end - 1)
        return [v1.Chat(self.pairing, id_, self._content(id_)) for id_ in range(first, end)]

    def _content(self, id_: int) -> str:
        message = self._waiting.get(id_)
        return "" if message is None else message.content

    # What comes back

    def sent(self, id_: int) -> None:
        """The server holds everything up to `id_`."""
        id_ = min(id_, self._said)
        if id_ > self.counts.sent:
            self.counts.sent = id_
            self._next = max(self._next, id_ + 1)
            self._tell(events.Sent(self.pairing, id_))

    def delivered(self, id_: int) -> None:
        """The partner's program has everything up to `id_`."""
        id_ = min(id_, self._said)
        if id_ > self.counts.delivered:
            self.sent(id_)
            self.counts.delivered = id_
            while self._waiting and next(iter(self._waiting)) <= id_:
                self._waiting.popitem(last=False)
            self._tell(events.Delivered(self.pairing, id_))

    def read(self, id_: int) -> None:
        """The partner has seen everything up to `id_`."""
        id_ = min(id_, self._said)
        if id_ > self.counts.read:
            self.delivered(id_)
            self.counts.read = id_
            self._tell(events.Read(self.pairing, id_))

    def is_of_another(self, accepted: int) -> bool:
        """Whether others have said what the server holds, as nobody but a copy of me can.

        Nothing that waits here may then be taken for delivered. More than I
        ever gave out may have been said by an earlier run of this program,
        but that can be told only if no message is in doubt.

        Args:
            accepted: The last number that the server holds.
        """
        if accepted > self._said and self.last > self._said:
            return True  # It was given to a message that no connection has seen.
        return accepted > self.last and next(reversed(self._waiting), 0) > self.counts.sent

    def go_on_after(self, id_: int) -> None:
        """Say everything beyond `id_`, even if it was said before."""
        id_ = max(id_, 0)
        self.last = max(self.last, id_)
        self._said = max(self._said, id_)
        self._next = id_ + 1
        if id_ != self.counts.sent:
            self.counts.sent = id_
            self._tell(events.Sent(self.pairing, id_))
        if self.is_held:
            self.is_held = False
            self._tell(events.PartnerCaughtUp())

    def hold(self) -> None:
        """Say nothing until `go_on_after`."""
        if not self.is_held:
            self.is_held = True
            self._tell(events.PartnerBehind())

    # What goes no further

    def refuse(self, id_: int, reason: Failure) -> None:
        """Give up one message that the server will not take; its number stays open."""
        message = self._waiting.pop(id_, None)
        if message is not None:
            message.fail(reason)
            self._next = min(self._next, id_)
            self._tell(events.NotDelivered((message,)))

    def refuse_longer(self, limit_bytes: int) -> None:
        """Give up what the server does not hold, and is too long for it."""
        for message in self.waiting:
            if message.id > self.counts.sent and len(message.content.encode()) > limit_bytes:
                self.refuse(message.id, Failure.TOO_LONG)

    def fail(self, reason: Failure) -> None:
        """Give up everything that is not delivered: the pairing is over."""
        failed = self.waiting
        self._waiting.clear()
        for message in failed:
            message.fail(reason)
        if failed:
            self._tell(events.NotDelivered(failed))
