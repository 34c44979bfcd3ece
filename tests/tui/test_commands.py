"""What a line means that begins with a slash."""

import pytest

from duologue.tui.commands import COMMANDS, Order, Unknown, completed, matching, read

BY_NAME = {command.name: command for command in COMMANDS}


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("hello", "hello"),
        ("//etc/hosts", "/etc/hosts"),
        ("/name Bob  Smith ", Order(BY_NAME["name"], "Bob  Smith")),
        ("/QUIT", Order(BY_NAME["quit"], "")),
        ("/etc/hosts", Unknown("etc/hosts")),
        ("/", Unknown("")),
        ("/leave tomorrow", Unknown("leave tomorrow")),
        ("//etc\n/home", "/etc\n/home"),
        ("/name\nis what I typed", "/name\nis what I typed"),
    ],
)
def test_what_a_line_means(line: str, meaning: object) -> None:
    assert read(line) == meaning


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("/", [command.name for command in COMMANDS]),
        ("/N", ["name", "new"]),
        ("/name B", ["name"]),
        ("/nam B", []),
        ("hello", []),
        ("//", []),
        ("/n\n", []),
    ],
)
def test_the_commands_that_a_line_may_become(line: str, names: list[str]) -> None:
    assert [command.name for command in matching(line)] == names


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("/na", "/name "),
        ("/q", "/quit"),
        ("/n", "/n"),
        ("/co", "/co"),
        ("/x", "/x"),
        ("hello", "hello"),
        ("/name B", "/name B"),
    ],
)
def test_as_much_is_completed_as_is_certain(line: str, whole: str) -> None:
    assert completed(line) == whole


def test_commands_are_in_order_and_explained() -> None:
    names = [command.name for command in COMMANDS]
    assert names == sorted(names)
    assert {"name", "leave", "code", "help", "quit"} <= set(names)
    assert all(command.help and len(command.help) < 36 for command in COMMANDS)
    assert BY_NAME["join"].usage == "/join CODE"
