"""A server for the load to be put on, and loads that take no time."""

from collections.abc import Callable, Iterator

import pytest
from tests.support.program import Program, running

from duologue.bench.load import Load

MakeLoad = Callable[..., Load]


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """A server in a process of its own that does what it can, for whoever asks."""
    unlimited = ("--messages-per-s", "off", "--bytes-per-s", "off")
    with running("--log", "error", *unlimited) as program:
        yield program


@pytest.fixture(scope="session")
def short(program: Program) -> MakeLoad:
    """Make a load that lasts a moment, on that server if no other is named."""

    def make(url: str = f"127.0.0.1:{program.port}", **options: object) -> Load:
        whole = {"pairs": 3, "seconds": 0.3, "ramp_up_s": 0.1, **options}
        return Load(url, **whole)  # type: ignore[arg-type]

    return make
