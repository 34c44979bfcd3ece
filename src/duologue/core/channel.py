"""One direction of a pairing: what one seat says to the other, and how far it came.

Chats are numbered 1, 2, 3 … What is accepted is kept here until it has been
received. So always `len(waiting) == accepted - delivered`.
"""

from enum import Enum

from duologue.wire.v1 import Said

MAX_WAITING_CHATS = 1000
MAX_WAITING_BYTES = 1024 * 1024


class Verdict(Enum):
    """What is to be done with a chat that cannot be passed on."""

    REPEAT = "say again that it is here"
    GAP = "say which number has to come"
    BEHIND = "say that there is no room for it"
    IGNORED = "nothing: that was said before"


class Channel:
    """The numbers of one sender's chats, and those that wait for the other.

    Attributes:
        accepted: The last chat that was taken from the sender.
        delivered: The last that the receiver's program has.
        read: The last that the receiving person has seen.
        waiting: The chats in between, for a receiver that asks for them again.
        passed_on: The last that was said to a receiver before it stopped reading.
        has_room: Whether one more chat may wait.
        is_behind: Whether the sender was told that there is no room.
        is_astray: Whether the sender was told to go on elsewhere, and has not yet.
    """

    __slots__ = (
        "_waiting_bytes",
        "accepted",
        "delivered",
        "has_room",
        "is_astray",
        "is_behind",
        "passed_on",
        "read",
        "waiting",
    )

    def __init__(self) -> None:
        self.accepted = 0
        self.delivered = 0
        self.passed_on = 0
        self.read = 0
        self.waiting: list[Said] = []
        self._waiting_bytes = 0
        self.has_room = True
        self.is_behind = False
        self.is_astray = False

    def judge(self, chat_id: int) -> Verdict:
        """Decide about a chat that is not next, or finds no room.

        Each complaint is made once. After it all is ignored until the chat
        comes that is next.
        """
        if chat_id <= self.accepted:
            return Verdict.REPEAT
        if chat_id == self.accepted + 1:
            if not self.is_behind:
                self.is_behind = self.is_astray = True
                return Verdict.BEHIND
        elif not self.is_astray:
            self.is_astray = True
            return Verdict.GAP
        return Verdict.IGNORED

    def keep(self, said: Said) -> None:
        """Accept a chat and keep it until it is received."""
        content = said.content
        self.accepted = said.id
        self.waiting.append(said)
        self._waiting_bytes += len(content) if content.isascii() else len(content.encode())
        if self._waiting_bytes >= MAX_WAITING_BYTES or len(self.waiting) >= MAX_WAITING_CHATS:
            self.has_room = False

    def held_back(self) -> list[Said]:
        """Return what came while the receiver did not read."""
        return self.waiting[max(0, self.passed_on - self.delivered) :]

    def pass_by(self) -> None:
        """Accept a chat and count it as received at once."""
        self.accepted += 1
        self.delivered = self.accepted

    def confirm(self, chat_id: int) -> bool:
        """Forget what has been received; say whether that is news."""
        if chat_id >= self.accepted:
            is_news = self.delivered < self.accepted
            self._forget_all()
            return is_news
        count = chat_id - self.delivered
        if count <= 0:
            return False
        for said in self.waiting[:count]:
            self._waiting_bytes -= len(said.content.encode())
        del self.waiting[:count]
        self.delivered = chat_id
        self.has_room = self._waiting_bytes < MAX_WAITING_BYTES
        return True

    def see(self, chat_id: int) -> bool:
        """Note what has been read; say whether that is news."""
        seen = min(chat_id, self.accepted)
        if seen <= self.read:
            return False
        self.read = seen
        return True

    def learn(self, chat_id: int) -> None:
        """Take it that all up to here arrived, through a server before this one."""
        if chat_id > self.accepted:
            self.accepted = chat_id
            self._forget_all()
        else:
            self.confirm(chat_id)

    def catch_up(self) -> bool:
        """Say, once, that there is room again for a sender that was told there is none."""
        if not self.is_behind or 2 * len(self.waiting) > MAX_WAITING_CHATS:
            return False
        if 2 * self._waiting_bytes > MAX_WAITING_BYTES:
            return False
        self.is_behind = False
        return True

    def start_over(self) -> None:
        """Forget complaints: the sender goes on from the next chat."""
        self.is_behind = self.is_astray = False

    def _forget_all(self) -> None:
        self.delivered = self.accepted
        self.waiting.clear()
        self._waiting_bytes = 0
        self.has_room = True
