"""All that the screen says, in English. Nothing of it is said anywhere else."""

from duologue.client import Progress

TITLE = "Duologue"

WAITING_TITLE = "Say this code to someone"
WAITING = "Waiting for someone to come in …"
ROOM_FULL = "Both seats are taken"

PLACEHOLDER = "Write to {name}"
PLACEHOLDER_ALONE = "Nobody is here to read. /help shows what you can do"
PLACEHOLDER_OUTSIDE = "/new opens a room, /join CODE enters one, /quit ends"

YOU = "You"
SOMEONE = "Someone"
NOBODY_YET = "nobody yet"
OUTSIDE = "in no room"
HERE = "here"
AWAY = "away"
OFFLINE = "no connection"

JOINED = "{name} came in"
MET = "You are talking with {name}"
LEFT = "{name} left. The room stays open: {code}"
RENAMED = "{old} is now called {new}"
YOU_LEFT = "You left the room"
SEAT_LOST = "Your seat is gone: it was given away, or too much time has passed"
ROOM_EXPIRED = "Nobody came for a long time, so the room was closed. /new opens another"
NOT_DELIVERED = {1: "One message was not delivered", 2: "{count} messages were not delivered"}
DROPPED = "What was said before is no longer kept here"

IS_TYPING = "{name} is typing …"
IS_AWAY = "{name} is away. What you write waits. /free gives the seat to someone else"
KNOCKS = "{guest} is at the door while {name} is away. /free lets them in"
BEHIND = "{name} has much to catch up on. What you write waits until then"
TROUBLE = "No connection. What you write is kept and sent when it is back"
NEW_BELOW = "↓ New messages below: Ctrl+End shows them"
ENDED = "The conversation has ended: {reason}. Ctrl+C leaves"
REPLACED = "it goes on somewhere else, with the same seat"
REJECTED = "the server will have nothing more to do with this program"
CLOSED = "the server has closed it"

COPIED = "Copied"
NOTHING_TO_COPY = "Your partner has said nothing yet"
UNKNOWN = "There is no command /{name}. Begin with // to say it as it is"
NOBODY = "Nobody is here to read this yet"
NO_ROOM = "You are in no room: /new opens one, /join CODE enters one"
TOO_LONG = "Too long for one message: {size} of {limit} bytes. Send it in parts"
NAME_NOW = "You are now called {name}"
ARGUMENT_MISSING = "Say which: {usage}"
NOT_AWAY = "Nobody who is away sits opposite"
REFUSED = "The server refused: {message}"
LEAVING = "Leaving …"
OTHER_SERVER = "This link leads to another server: duologue chat LINK goes there"

PROGRESS = {
    Progress.QUEUED: "⋯",
    Progress.SENT: "✓",
    Progress.DELIVERED: "✓✓",
    Progress.READ: "✓✓ read",
}
FAILED = "✗ failed"

QUIT_TITLE = {
    1: "One message is not delivered yet",
    2: "{count} messages are not delivered yet",
}
QUIT_TEXT = "If you end now, {name} may never get:"
QUIT_STAY = "Keep waiting"
QUIT_GO = "End all the same"

HELP_TITLE = "Keys and commands"
KEYS = (
    ("Enter", "send"),
    ("Alt+Enter, Ctrl+J", "begin a new line"),
    ("↑ ↓", "what you wrote before"),
    ("Page Up, Page Down", "scroll; Ctrl+End: the newest"),
    ("Tab", "complete a command"),
    ("Mouse, then Ctrl+C", "copy what is marked"),
    ("Ctrl+C", "leave and end the program"),
)
MARKS = "⋯ waits   ✓ sent   ✓✓ delivered or read   ✗ failed"
CLOSE = "Esc closes this"


def counted(forms: dict[int, str], count: int) -> str:
    """Return the form for one or for many."""
    return forms[min(count, 2)].format(count=count)
