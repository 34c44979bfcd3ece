"""What begins with a slash: what commands there are, and what a line means. Pure."""

from typing import NamedTuple


class Command(NamedTuple):
    """One command."""

    name: str
    argument: str
    """What comes after it, for people; empty if nothing does."""
    help: str

    @property
    def usage(self) -> str:
        """How it is written."""
        return f"/{self.name} {self.argument}".rstrip()


COMMANDS = (
    Command("code", "", "show code, link and QR code"),
    Command("copy", "", "copy what your partner said last"),
    Command("free", "", "stop waiting for who is away"),
    Command("help", "", "show keys and commands"),
    Command("join", "CODE", "leave this room and enter another"),
    Command("leave", "", "leave this room"),
    Command("name", "NAME", "take another name"),
    Command("new", "", "leave this room and open another"),
    Command("quit", "", "leave and end the program"),
)

_BY_NAME = {command.name: command for command in COMMANDS}


class Order(NamedTuple):
    """A command that was given, with what came after it."""

    command: Command
    argument: str


class Unknown(NamedTuple):
    """What looks like a command and is none."""

    name: str


def read(line: str) -> str | Order | Unknown:
    """Return what a line means: words to say, a command, or neither.

    A second slash says that the first is meant as it stands: //etc is said as /etc.
    """
    if line.startswith("//"):
        return line[1:]
    if not line.startswith("/") or "\n" in line.strip():
        return line
    name, _, argument = line[1:].strip().partition(" ")
    command = _BY_NAME.get(name.lower())
    if command is None:
        return Unknown(name)
    if argument and not command.argument:
        return Unknown(f"{name} {argument}")
    return Order(command, argument.strip())


def matching(line: str) -> list[Command]:
    """Return the commands that a line may become."""
    if not line.startswith("/") or line.startswith("//") or "\n" in line:
        return []
    name, space, _ = line[1:].partition(" ")
    return [
        command
        for command in COMMANDS
        if (command.name == name if space else command.name.startswith(name.lower()))
    ]


def completed(line: str) -> str:
    """Return the line with as much of the command as is certain."""
    found = matching(line)
    if not found or " " in line:
        return line
    if len(found) == 1:
        return f"/{found[0].name}" + (" " if found[0].argument else "")
    first, last = found[0].name, found[-1].name
    same = next(
        (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first)
    )
    return f"/{first[:same]}"
