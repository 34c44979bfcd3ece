"""How `duologue chat` ends, for scripts. docs/terminal.md has the same table."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the number says that the program ends with."""

    DONE = 0
    """The conversation is over, and all that was said in it is delivered."""

    NOT_DELIVERED = 1
    """Something is not delivered, or could not be read or written; stderr says what."""

    MISUSED = 2
    """A flag, a variable or a value is wrong."""

    UNREACHABLE = 3
    """The server is not there, or does not let us in."""

    NO_SEAT = 4
    """No room has this code, two people are in it, the server wants us to ask later, or our
    seat was lost."""

    INTERRUPTED = 130
    """Ctrl+C, as shells count it: 128 and the number of the signal, as for any other."""
