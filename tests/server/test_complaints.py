import asyncio
import errno
from typing import Any, cast

import pytest

from duologue.server.complaints import SILENCE_S, Complaints

EMFILE = {
    "message": "socket.accept() out of system resource",
    "exception": OSError(errno.EMFILE, "Too many open files"),
    "socket": "<socket laddr=('192.0.2.1', 80)>",
}


class Loop:
    """Tells the time that it is set to."""

    now = 100.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def loop() -> Any:
    return Loop()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level("INFO", logger="duologue")
    return lambda: [record.getMessage() for record in caplog.records]


def test_the_same_again_and_again_is_one_line_in_ten_seconds(loop: Any, lines: Any) -> None:
    complaints = Complaints()
    for _ in range(5000):
        complaints(loop, EMFILE)
    loop.now += SILENCE_S
    complaints(loop, EMFILE)
    complaints(loop, EMFILE)
    line = "the event loop: socket.accept: OSError [EMFILE]"
    assert lines() == [line, f"{line}, and 4999 times more before"]


def test_something_else_is_told_at_once(
    loop: Any, lines: Any, caplog: pytest.LogCaptureFixture
) -> None:
    complaints = Complaints()
    complaints(loop, EMFILE)
    complaints(loop, {"message": "Exception in callback x('secret')", "exception": KeyError()})
    complaints(loop, {})
    assert lines()[1:] == [
        "the event loop: Exception in callback x: KeyError",
        "the event loop: an exception",
    ]
    assert [bool(record.exc_info) for record in caplog.records] == [False, True, False]
    assert "secret" not in caplog.text


def test_it_remembers_few_kinds(loop: Any) -> None:
    complaints = Complaints()
    for number in range(1000):
        complaints(loop, {"message": f"kind {number}"})
    assert len(complaints._told) <= 100


async def test_a_loop_takes_it_as_its_handler(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    former = loop.get_exception_handler()
    loop.set_exception_handler(cast("Any", Complaints()))
    try:
        loop.call_soon(int, "secret")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(former)
    (record,) = caplog.records
    assert record.name == "duologue"
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
