import io
import os
import re
import sys

import pytest

from duologue.bench import progress
from duologue.bench.progress import Bar, Silent, shown


class Terminal(io.StringIO):
    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor


def test_who_pipes_sees_nothing(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with shown() as told:
        told.prepare("measuring")
        told.at("measuring", 0.5)
    assert isinstance(told, Silent)
    assert capfd.readouterr().err == ""


def test_on_a_terminal_it_is_one_line_that_changes_and_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "stderr", Terminal(writing))
    with shown() as told:
        told.at("connecting", 0.5)
        told.at("connecting", 0.5001)
        told.at("measuring", 1.0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", newline="") as read:
        pictures = read.read().split("\r\x1b[2K")
    assert isinstance(told, Bar)
    assert len(pictures) == 4
    assert "connecting" in pictures[1]
    assert " 50%" in pictures[1]
    assert "measuring" in pictures[2]
    assert "100%" in pictures[2]
    assert pictures[3] == ""
    assert "\n" not in "".join(pictures)


def test_a_picture_fits_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for picture in progress._pictures("catching up"):
        plain = re.sub(r"\x1b\[[\d;]*\w|\r", "", picture.decode())
        assert len(plain) < 80
