"""The optional file with which a conversation outlives its program.

A journal of JSON lines: everything as it is, then what changed. Small lines
are written where they arise, on the event loop; each is with the system, not
yet on the disk, before anything is said that relies on it. So it survives the
end of the program in any form, though not the machine's.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec

from duologue.client.conversation import Conversation
from duologue.client.events import Chat, NotDelivered
from duologue.client.outbox import Outbox
from duologue.client.outgoing import Counts, Failure, Outgoing
from duologue.client.saved import Saved
from duologue.client.seat import Seat
from duologue.errors import OutboxError

try:
    import fcntl
except ImportError:  # Not a Unix.
    fcntl = None  # type: ignore[assignment]

_LEAST_BEFORE_COMPACTION = 64 * 1024


class _Line(msgspec.Struct, tag_field="line"):
    pass


class _Failed(msgspec.Struct):
    """A message whose failure the program has not been told."""

    pairing: int
    id: int
    content: str
    failure: Failure | None

    @classmethod
    def of(cls, message: Outgoing) -> Self:
        return cls(message.pairing, message.id, message.content, message.failure)

    def message(self) -> Outgoing:
        return Outgoing(self.pairing, self.id, self.content, Counts(), self.failure)


class _All(_Line, tag="all"):
    """Everything; what stands before it counts no more."""

    saved: Saved | None
    failed: list[_Failed] = []


class _Queued(_Line, tag="queued"):
    """One more message."""

    id: int
    content: str


class _Seated(_Line, tag="seated"):
    """What may change while a pairing lasts."""

    username: str
    ticket: str
    partner: str | None


class _Counted(_Line, tag="counted"):
    """How far things have come."""

    last: int
    received: int
    read: int
    delivered: int


_read = msgspec.json.Decoder(_All | _Queued | _Seated | _Counted).decode
_write = msgspec.json.Encoder().encode


class OutboxFile:
    """Keeps the seat, the numbers and what is not delivered, for the next run.

    Only its owner can read it: what it holds is what you said, in plain text,
    and the ticket for your seat. It is emptied when you leave the room or lose
    the seat, and removed when the client closes without one; but what was not
    delivered stays until the program has been told.

    Attributes:
        saved: What an earlier run has left; None if nothing.
        unreported: Failures that the program has not been told, in order.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            OutboxError: Another program uses it, it holds something else, or
                it cannot be opened.
        """
        self._path = path
        self._spare = path.with_name(path.name + ".new")
        self._pairing: Outbox | None = None
        self._left: Seat | None = None
        self._seated: _Seated | None = None
        self._counted: _Counted | None = None
        self._compact_at = 0
        self._is_stale = True  # It has to be written anew; lines cannot tell the change.
        self.unreported: list[NotDelivered] = []
        with _explained(path):
            self._descriptor = _open_locked(path)
        try:
            with _explained(path):
                self.saved = self._load()
        except BaseException:
            os.close(self._descriptor)
            raise

    # What changes

    @contextmanager
    def adding(self, conversation: Conversation, content: str) -> Iterator[None]:
        """Keep a message that is sent in the `with` block; not if that fails.

        Raises:
            OutboxError: It cannot be kept, and is not sent.
        """
        seat = conversation.seat
        if seat is None or seat is self._left:
            yield  # The conversation refuses it.
            return
        self._renew(conversation)
        id_ = seat.outbox.last + 1
        with _explained(self._path):
            end = self._end()
            try:
                self._append(_Queued(id_, content))
                yield
            except BaseException:
                self._cut(end)
                raise
        if self._counted is not None:
            self._counted = msgspec.structs.replace(self._counted, last=id_)

    def taken(self, conversation: Conversation, chat: Chat) -> None:
        """Keep that the program has a chat, before the conversation knows.

        Raises:
            OutboxError: It cannot be kept: the chat must not count as taken.
        """
        seat = conversation.seat_of(chat)
        if seat is None or seat is self._left:
            return
        self._renew(conversation)
        counted = self._counted
        if counted is not None and chat.id > counted.received:
            self._count(msgspec.structs.replace(counted, received=chat.id))

    def failed(self, event: NotDelivered) -> None:
        """Keep what is not delivered, by the next `record`, until it is `reported`."""
        self.unreported.append(event)
        self._is_stale = True

    def reported(self, event: NotDelivered) -> None:
        """Forget what the program has been told, by the next `record`."""
        self.unreported.remove(event)
        self._is_stale = True

    def record(self, conversation: Conversation) -> None:
        """Keep whatever else has changed.

        If it cannot be kept now, that is said when the next message is sent or taken.
        """
        seat = conversation.seat
        with suppress(OutboxError):
            if seat is None or seat is self._left:
                self._clear()
            elif seat.outbox is not self._pairing or self._is_stale:
                self._rewrite(conversation)
            else:
                self._append_changes(conversation, seat)

    def leave(self, conversation: Conversation) -> None:
        """Forget the seat, which is being given up."""
        self._left = conversation.seat
        with suppress(OutboxError):
            self._clear()

    def close(self) -> None:
        """Let go of the file, and remove it if there is nothing in it."""
        with suppress(OSError):
            if self._end() == 0:
                self._path.unlink()
        os.close(self._descriptor)

    # How it is written

    def _append_changes(self, conversation: Conversation, seat: Seat) -> None:
        seated, counted = _seated(conversation, seat), _counted(seat)
        if seated != self._seated:
            with self._noted():
                self._append(seated)
            self._seated = seated
        if counted != self._counted:
            self._count(counted)
        if self._end() > self._compact_at:
            self._rewrite(conversation)

    def _count(self, counted: _Counted) -> None:
        with self._noted():
            self._append(counted)
        self._counted = counted

    def _append(self, line: _Line) -> None:
        """Write a line whole or not at all."""
        end = self._end()
        try:
            _write_all(self._descriptor, _write(line) + b"\n")
        except OSError:
            self._cut(end)
            raise

    def _cut(self, end: int) -> None:
        """Take back what was written last; where not even that works, all of it is in doubt."""
        was_stale, self._is_stale = self._is_stale, True
        os.ftruncate(self._descriptor, end)
        self._is_stale = was_stale

    def _renew(self, conversation: Conversation) -> None:
        if self._is_stale:
            self._rewrite(conversation)

    def _rewrite(self, conversation: Conversation) -> None:
        """Put everything as it is into a new file, in place of the old one."""
        saved, seat = conversation.saved(), conversation.seat
        if saved is None or seat is None:
            return
        self._replace(saved)
        self._pairing, self._left = seat.outbox, None
        self._seated, self._counted = _seated(conversation, seat), _counted(seat)
        self._compact_at = max(_LEAST_BEFORE_COMPACTION, 3 * self._end())

    def _replace(self, saved: Saved | None) -> None:
        failed = [
            _Failed.of(message) for event in self.unreported for message in event.messages
        ]
        with self._noted():
            new = _open_new(self._spare)
            try:
                _lock(new)
                _write_all(new, _write(_All(saved, failed)) + b"\n")
                self._spare.replace(self._path)
            except BaseException:
                os.close(new)
                self._spare.unlink(missing_ok=True)
                raise
        os.close(self._descriptor)
        self._descriptor = new

    def _clear(self) -> None:
        """Keep nothing but what the program has to be told."""
        if not self._is_stale and self._pairing is None and self.saved is None:
            return
        if self.unreported:
            self._replace(None)
        else:
            with self._noted():
                os.ftruncate(self._descriptor, 0)
        self._pairing = self.saved = None

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Whatever goes wrong, all has to be written anew before anything relies on it."""
        self._is_stale = True
        with _explained(self._path):
            yield
        self._is_stale = False

    def _end(self) -> int:
        return os.lseek(self._descriptor, 0, os.SEEK_END)

    # How it is read

    def _load(self) -> Saved | None:
        """Read the journal; a last line that is torn was relied on by nobody."""
        with self._path.open("rb") as file:
            lines = file.read().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()
        saved: Saved | None = None
        failed: list[_Failed] = []
        for number, line in enumerate(lines, 1):
            try:
                read = _read(line)
                saved = _after(saved, read)
            except (msgspec.DecodeError, TypeError):
                raise OutboxError(f"{self._path}: line {number} makes no sense") from None
            if isinstance(read, _All):
                failed = read.failed
        os.ftruncate(self._descriptor, sum(map(len, lines)))
        if failed:
            self.unreported.append(NotDelivered(tuple(one.message() for one in failed)))
        return saved


def _after(saved: Saved | None, line: _All | _Queued | _Seated | _Counted) -> Saved | None:
    if isinstance(line, _All):
        return line.saved
    if saved is None:
        raise TypeError
    if isinstance(line, _Queued):
        saved.outbox[line.id] = line.content
        saved.last = max(saved.last, line.id)
    elif isinstance(line, _Seated):
        saved.username, saved.ticket, saved.partner = line.username, line.ticket, line.partner
    else:
        saved.last, saved.received, saved.read = line.last, line.received, line.read
        saved.delivered = line.delivered
        saved.sent = max(saved.sent, line.delivered)
        for id_ in [id_ for id_ in saved.outbox if id_ <= line.delivered]:
            del saved.outbox[id_]
    return saved


def _seated(conversation: Conversation, seat: Seat) -> _Seated:
    return _Seated(conversation.username, seat.ticket, seat.partner)


def _counted(seat: Seat) -> _Counted:
    return _Counted(
        last=seat.outbox.last,
        received=seat.inbox.received,
        read=seat.inbox.read,
        delivered=seat.outbox.counts.delivered,
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutboxError(f"{path}: {error.strerror or error}") from error


def _open_locked(path: Path) -> int:
    """Open a file that nobody else has, and that still is the one of that name."""
    if fcntl is None:
        raise OutboxError(f"{path}: this system cannot keep two programs out of one file")
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            _lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                os.fchmod(descriptor, 0o600)
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise OutboxError(f"{path}: another program uses it") from None
        except FileNotFoundError:
            pass  # Whoever had it has just removed it.
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _open_new(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)


def _lock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write_all(descriptor: int, text: bytes) -> None:
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
