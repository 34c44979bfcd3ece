"""What a program talks to: `connect`, and the `Client` that it returns.

All of it belongs to the event loop in which the `async with` block was
entered; nothing here is for other threads.
"""

import asyncio
import os
import ssl as tls
from contextlib import suppress
from pathlib import Path
from typing import Self

from duologue.client.address import websocket_url
from duologue.client.answers import Answers
from duologue.client.conversation import Conversation, Link
from duologue.client.driver import Driver
from duologue.client.events import Chat
from duologue.client.happenings import Events
from duologue.client.keeper import Keeper
from duologue.client.message import Backlog, Message
from duologue.client.outbox_file import OutboxFile
from duologue.client.reconnecting import Timing
from duologue.errors import AddressError, ConversationError, NoPartner, NotDelivered

_USUAL = Timing()


def connect(
    url: str,
    *,
    name: str,
    outbox: str | os.PathLike[str] | None = None,
    ssl: tls.SSLContext | None = None,
    timing: Timing = _USUAL,
) -> "Client":
    """Connect to a server, for as long as the `async with` block lasts.

    The block begins once the server knows who you are; the first connection is
    tried once. From then on a connection that is lost is replaced: at once,
    then again after 0.25 to 10 seconds, until it works. What was sent neither
    gets lost with it nor comes twice.

    Example:
        async with connect("ws://127.0.0.1:8080/ws", name="Alice") as chat:
            print(await chat.create_room())

    Args:
        url: `ws://`, `wss://`, `http://`, `https://` or HOST:PORT; without a
            path it means `/ws`.
        name: What the partner sees.
        outbox: A file that lets the conversation outlive this program, see
            `OutboxFile`. If an earlier run has left one, it is gone on with:
            `room_code` tells.
        ssl: How to speak TLS, for `wss://` and `https://`.
        timing: How patient to be with the network.

    Raises:
        AddressError: The URL cannot be used.
        InvalidUsername: There is nothing in the name.
        OutboxError: (entering the block) The file is in use, or is no good.
        ConnectError: (entering the block) The server cannot be reached.
        Rejected: (entering the block) It will have nothing to do with us.
    """
    address = websocket_url(url)
    if ssl is not None and not address.startswith("wss:"):
        raise AddressError(f"{url!r}: the URL does not ask for TLS, but `ssl` is given")
    conversation = Conversation(name)
    return Client(address, conversation, None if outbox is None else Path(outbox), ssl, timing)


class Client:
    """One of the two people in a conversation. Made by `connect`.

    What does not wait may be called at any time, online or not. When something
    other than your wish has ended the conversation, what waits raises that.
    """

    def __init__(
        self,
        url: str,
        conversation: Conversation,
        outbox: Path | None,
        ssl: tls.SSLContext | None,
        timing: Timing,
    ) -> None:
        self._url = url
        self._conversation = conversation
        self._outbox = outbox
        self._ssl = ssl
        self._timing = timing
        self._file: OutboxFile | None = None
        self._running: asyncio.Task[None] | None = None
        self._backlog = Backlog()
        self._driver = Driver(conversation)
        self._answers = Answers(self._driver)
        self._is_closing = False

    async def __aenter__(self) -> Self:
        """Connect. Cancelling it leaves nothing behind, and an outbox as it was."""
        if self._running is not None:
            raise ConversationError("a client is for one `async with` block; connect again")
        if self._outbox is not None:
            self._file = OutboxFile(self._outbox)
            self._restore(self._file)
        self._driver.start(self._conversation, self._file)
        self._keeper = Keeper(self._driver, self._url, self._ssl, self._timing)
        self._running = asyncio.create_task(self._keeper.run(), name="duologue client")
        try:
            await self._driver.until(lambda: self._driver.was_online)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    # How things are

    @property
    def name(self) -> str:
        """What the partner sees of you."""
        return self._conversation.username

    @property
    def is_online(self) -> bool:
        """Whether there is a connection that is good for something."""
        return self._conversation.link is Link.ONLINE

    @property
    def room_code(self) -> str | None:
        """The code of the room that you are in; None if you are in none."""
        seat = self._conversation.seat
        return None if seat is None else seat.room_code

    @property
    def partner(self) -> str | None:
        """The name of who sits opposite, present or away; None if nobody does."""
        seat = self._conversation.seat
        return None if seat is None else seat.partner

    @property
    def partner_is_here(self) -> bool:
        """Whether the partner was connected when last heard of."""
        seat = self._conversation.seat
        return seat is not None and seat.partner_is_here

    @property
    def unsettled(self) -> tuple[Message, ...]:
        """What you sent that is not known to be delivered, of an earlier run as well."""
        seat = self._conversation.seat
        waiting = () if seat is None else seat.outbox.waiting
        return tuple(Message(outgoing, self._driver) for outgoing in waiting)

    # The room

    async def create_room(self) -> str:
        """Open a room and return its code; waits until the server has answered.

        Cancelling it takes the wish back: you will be in no room.

        Raises:
            AlreadyInRoom: Leave first, or wait for what you asked for.
            SlowDown: There are too many rooms; it says when to ask again.
            RequestRefused: The server does not take your name.
            ConversationEnded: There will be no other connection.
        """
        self._driver.check()
        self._conversation.create_room()
        return (await self._answers.seated(self._take_back)).room_code

    async def join_room(self, code: str) -> str | None:
        """Sit down opposite somebody and return their name; waits for the answer.

        Cancelling it takes the wish back: you will be in no room.

        Args:
            code: As a person types it: any case, with spaces or hyphens.

        Returns:
            The partner's name; None if the partner has left in that moment.

        Raises:
            RoomNotFound: No room has this code.
            RoomFull: Two people are in it.
            SlowDown: Too many codes were wrong; it says when to ask again.
            AlreadyInRoom: Leave first, or wait for what you asked for.
            RequestRefused: The server does not take your name.
            ConversationEnded: There will be no other connection.
        """
        self._driver.check()
        self._conversation.join_room(code)
        await self._answers.seated(self._take_back)
        return self.partner

    async def leave(self, *, flush_s: float = 5.0) -> None:
        """Give up your seat; the partner hears that you left.

        Waits until all you sent is delivered, then until the server has heard
        of it, which while offline may take long. What is not delivered after
        `flush_s` is reported as such. A pending `create_room` or `join_room`
        is taken back, and raises `NotInRoom`. Cancelling it while it waits for
        deliveries, you stay; after that, you will have left all the same.

        Args:
            flush_s: How long to wait for deliveries, in seconds.

        Raises:
            NotInRoom: You are in none.
            ConversationEnded: There will be no other connection.
        """
        self._driver.check()
        conversation = self._conversation
        if conversation.seat is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(flush_s):
                    await self._driver.until(lambda: self._backlog.is_empty)
            if conversation.seat is None:
                return  # It was lost meanwhile.
        await self._answers.departed(self._stand_up)

    def free_seat(self) -> None:
        """Wait no longer for a partner who is away: the seat opposite becomes free.

        `PartnerLeft` follows, or `Refused` if the partner is not away.

        Raises:
            NotInRoom: You are in none.
            NoPartner: Nobody sits opposite.
            ConversationEnded: There will be no other connection.
        """
        self._conversation.free_seat()
        self._driver.stir()

    def rename(self, name: str) -> None:
        """Take another name. `Refused` follows if the server does not take it.

        Raises:
            InvalidUsername: There is nothing in it.
        """
        self._conversation.rename(name)
        self._driver.stir()

    # Messages

    async def send(self, content: str, *, pairing: int | None = None) -> Message:
        """Send a message to the present partner, who may be away.

        Returns as soon as the message is queued, online or not: what it
        returns tells how far it comes. Waits only while 1,000 messages or 4
        MiB are on their way. Cancelling it then, nothing is sent.

        Args:
            content: What it says.
            pairing: If given, only the partner of this meeting may get it.

        Raises:
            NotInRoom: You are in none.
            NoPartner: Nobody has joined yet, or the partner has left.
            EmptyMessage: There is nothing in it.
            MessageTooLong: It is longer than the server takes.
            OutboxError: It cannot be kept in the outbox file, and is not sent.
            ConversationEnded: There will be no other connection.
        """
        self._driver.check()
        await self._driver.until(lambda: self._backlog.has_room)
        seat = self._conversation.seat
        if pairing is not None and seat is not None and seat.pairing != pairing:
            raise NoPartner("that partner has left")
        if self._file is None:
            outgoing = self._conversation.send(content)
        else:
            with self._file.adding(self._conversation, content):
                outgoing = self._conversation.send(content)
        self._backlog.add(outgoing)
        self._driver.stir()
        return Message(outgoing, self._driver)

    async def flush(self) -> None:
        """Wait until all that was sent is delivered. Cancelling it changes nothing.

        Raises:
            NotDelivered: Something that was sent since the last `flush` was
                not, and why; all that can be delivered has been.
            ConversationEnded: The rest goes on in the next run, from the outbox file.
        """
        await self._driver.until(lambda: self._backlog.is_empty)
        failure = self._backlog.take_failure()
        if failure is not None:
            raise NotDelivered(failure)

    def events(self, *, acknowledge: bool = True) -> Events:
        """Return an iterator over what happens, from where the last one stopped.

        It ends with the conversation, after `Ended`, or raises what has ended
        it. Take events promptly: who takes none is sent no more after some
        1,000 chats. Of what only says how things are (such as typing, away,
        delivered) what is superseded before you take it is left out.

        Args:
            acknowledge: Whether a chat that you take from the iterator counts
                as received: its sender is told so and no server keeps it any
                longer. Otherwise call `acknowledge` once you have dealt with
                it, so that it comes again if your program ends before that.
        """
        return Events(self._driver, self.acknowledge if acknowledge else None)

    def acknowledge(self, chat: Chat) -> None:
        """Let this chat, and all before it, count as received.

        Raises:
            OutboxError: That cannot be kept in the outbox file; it does not count.
        """
        if self._file is not None:
            self._file.taken(self._conversation, chat)
        self._conversation.take(chat)
        self._driver.stir()

    def mark_read(self, chat: Chat) -> None:
        """Tell the partner that a person has seen this chat, and all before it.

        Raises:
            OutboxError: As `acknowledge`, which it does too.
        """
        self.acknowledge(chat)
        self._conversation.mark_read(chat)
        self._driver.stir()

    def typing(self) -> None:
        """Tell the partner that you are writing. Call it for each key: it is said seldom."""
        self._conversation.typing(self._driver.now)
        self._driver.stir()

    def stop_typing(self) -> None:
        """Tell the partner that you write no more; sending, or waiting 4 s, does it too."""
        self._conversation.stop_typing()
        self._driver.stir()

    # The end

    async def close(self) -> None:
        """End the conversation on this side; the end of the block does it too.

        With an outbox file, your seat is kept and all of it can go on in the
        next run, so that what is not delivered has not failed. Without one nobody
        could come back to the seat, so it is given up, if the server can be told,
        and what is not delivered counts as failed.
        Cancelling it cuts the goodbye short, and closes all the same.
        """
        running = self._running
        if running is None:
            return
        if self._is_closing:
            await asyncio.wait({running})
            return
        self._is_closing = True
        if self._file is None:
            with suppress(ConversationError):
                self._conversation.leave()
        self._keeper.say_goodbye(running)
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError:
            running.cancel()
            await asyncio.wait({running})
            raise
        finally:
            self._driver.end("closed")
            if self._file is not None:
                self._driver.let_go()
                self._file.close()
                self._file = None
        if not running.cancelled():
            running.result()

    # The rest

    def _restore(self, file: OutboxFile) -> None:
        if file.saved is not None:
            name = self.name
            self._conversation = Conversation.restored(file.saved)
            self._conversation.rename(name)
        if self._conversation.seat is not None:
            for outgoing in self._conversation.seat.outbox.waiting:
                self._backlog.add(outgoing)

    def _take_back(self) -> None:
        with suppress(ConversationError):
            self._stand_up()
        self._driver.stir()

    def _stand_up(self) -> None:
        self._conversation.leave()
        if self._file is not None:
            self._file.leave(self._conversation)
