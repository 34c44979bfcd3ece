"""How a client gets in: its name, and the wish for a room, on each connection.

Laws: nobody asks for a room without a name; a wish is said once a connection
until there is an answer.
"""

from duologue.errors import InvalidUsername
from duologue.wire import v1
from duologue.wire.messages import ErrorCode

Wish = v1.CreateRoom | v1.JoinRoom

_ANSWERS_TO_WISHES = frozenset(
    {
        ErrorCode.USERNAME_REQUIRED,
        ErrorCode.ALREADY_IN_ROOM,
        ErrorCode.SLOW_DOWN,
        ErrorCode.ROOM_NOT_FOUND,
        ErrorCode.ROOM_FULL,
    }
)


class Entrance:
    """What the server has to know before anyone can sit down.

    Attributes:
        username: What the partner sees.
        client_id: What the server calls this connection; None before it says so.
        wish: What was asked for and not answered yet.
        is_asked: Whether the wish was said on this connection.
    """

    def __init__(self, username: str) -> None:
        self.username = trimmed(username)
        self.client_id: str | None = None
        self.wish: Wish | None = None
        self.is_asked = False
        self._said_username: str | None = None
        self._confirmed_username: str | None = None
        self._asked_as: str | None = None

    def to_say(self, *, is_seated: bool, may_ask: bool) -> list[v1.ClientMessage]:
        """Return the name if it is new to the server, and the wish if it may be said."""
        asks = may_ask and self.wish is not None and not self.is_asked
        due: list[v1.ClientMessage] = []
        if (is_seated or asks) and self.username != self._said_username:
            self._said_username = self.username
            due.append(v1.SetUsername(self.username))
        if asks:
            due.append(self._ask())
        return due

    def _ask(self) -> Wish:
        self.is_asked = True
        if not isinstance(self.wish, v1.JoinRoom):
            return v1.CreateRoom()
        # Should the answer be lost, the seat is held for who asked first.
        asked_as, self._asked_as = self._asked_as, self._asked_as or self.client_id
        return v1.JoinRoom(self.wish.room_code, client_id=asked_as)

    def forget_wish(self) -> None:
        """It is fulfilled, refused or taken back."""
        self.wish = None
        self.is_asked = False
        self._asked_as = None

    def closed(self) -> None:
        """The connection is gone, and with it what was said over it."""
        self.client_id = None
        self.is_asked = False
        self._said_username = None

    def left(self, client_id: str) -> None:
        """Who gives up a seat is someone new to the server."""
        self.client_id = client_id

    def known(self, username: str) -> None:
        """The server calls me this, and the ticket says so too."""
        self._confirmed_username = username

    def recognized(self) -> None:
        """The server knows my name from the ticket."""
        self._said_username = self._confirmed_username

    def forgotten(self) -> None:
        """The server knows nothing of me."""
        self._confirmed_username = None

    def refused(self, code: ErrorCode) -> bool:
        """Deal with an error; False if it answers what nobody wishes any more."""
        if code in _ANSWERS_TO_WISHES and not self.is_asked:
            return False
        if code is ErrorCode.INVALID_MESSAGE:
            self._take_back_username()
            if self._confirmed_username is not None:
                return True  # The wish is answered under that name.
        if self.is_asked:
            self.forget_wish()
        return True

    def _take_back_username(self) -> None:
        """Of all that a client says only a name can make an invalid message."""
        if self._confirmed_username is not None and self.username == self._said_username:
            self.username = self._confirmed_username
        self._said_username = self._confirmed_username


def trimmed(username: str) -> str:
    """Return the name as the server will have it.

    Raises:
        InvalidUsername: Nothing is left of it.
    """
    username = username.strip()
    if not username:
        raise InvalidUsername("nothing is left of the name once it is trimmed")
    return username
