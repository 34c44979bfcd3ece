import io
from dataclasses import replace

import pytest
from rich.console import Console
from tests.bench.figures import LOAD, REPORT, replaced, with_drops

from duologue.bench.load import Load
from duologue.bench.report import Jitter, Report
from duologue.bench.screen import WIDTH, show


class Stream(io.TextIOWrapper):
    """A file that remembers."""

    def __init__(self, encoding: str) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding=encoding)


def printed(
    load: Load,
    report: Report,
    *,
    encoding: str = "utf-8",
    width: int = 200,
    colour: bool = False,
) -> str:
    stream = Stream(encoding)
    options = {"force_terminal": True, "color_system": "standard"} if colour else {}
    show(load, report, Console(file=stream, width=width, highlight=False, **options))  # type: ignore[arg-type]
    stream.flush()
    return stream.bytes.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("load", "report"),
    [
        (LOAD, REPORT),
        (LOAD, with_drops()),
        (LOAD, with_drops(lost=12_345_678, troubles=["x" * 300])),
        (replace(LOAD, rate=1.5e6, idle=1_000_000), replaced(jitter=None, idle_kb=6.5)),
        (replace(LOAD, pairs=1), replaced(server_share=None, server_us_per_message=None)),
        (LOAD, replaced(jitter=Jitter("tick", 1.0, 2.0, 3.0))),
        (LOAD, replaced(jitter=Jitter("turn", 1.0, 2.0, 3.0))),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_80_columns(load: Load, report: Report, encoding: str) -> None:
    text = printed(load, report, encoding=encoding)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "…" not in text


def test_every_figure_is_there() -> None:
    text = " ".join(printed(LOAD, with_drops()).split())
    for each in (
        "ws://127.0.0.1:8080/ws: 100 pairs, v1, 64 bytes, 1 in flight",
        "messages/s 123,457",
        "of each client 617.3",
        "p50 0.951 ms",
        "p99.9 1,234.6 ms",
        "acknowledgements a message 0.37",
        "CPU a message 12.3 µs",
        "share of a core 99%",
        "dropped, resumed 1,234, 1,233",
        "lost, doubled, out of order 0, 0, 0",
        "1,200 replays",
        "100 µs / 23.5 ms / 1.23 s",
    ):
        assert each in text


def test_the_longest_bar_is_the_most_frequent_time() -> None:
    lines = printed(LOAD, REPORT).splitlines()
    (full,) = [line for line in lines if line.count("█") > 40]
    assert full.split()[:2] == ["1", "ms"]
    assert sum("▏" in line for line in lines) == 2


def test_a_limit_is_said_plainly() -> None:
    text = printed(LOAD, replaced(generator_share=0.99, server_share=0.5))
    assert "The generator used up its core while the server had time left" in text


def test_a_terminal_without_blocks_gets_other_bars() -> None:
    text = printed(LOAD, REPORT, encoding="ascii")
    assert "####" in text


def test_colour_is_for_terminals() -> None:
    assert "\x1b[" in printed(LOAD, REPORT, colour=True)
    assert "\x1b[" not in printed(LOAD, REPORT)
