"""A report as a person reads it: a table, a histogram, and what has to be said about it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from duologue.bench.histogram import bar
from duologue.bench.load import Load
from duologue.bench.remarks import remarks
from duologue.bench.report import Drops, Report

WIDTH = 80
_BAR = 44
_ACCENT = "cyan"
_WARNING = "bold yellow"
_JITTER = {
    "message": "late with a message",
    "turn": "one turn of its loop",
    "tick": "late with a clock's tick",
}


class _Terminal(Console):
    """A terminal, or a pipe that may end before all is said."""

    def on_broken_pipe(self) -> None:
        """Say no more; rich would end the process with an exit code of its own."""
        self.quiet = True


def show(load: Load, report: Report, console: Console | None = None) -> None:
    """Print all of it."""
    console = console or _Terminal(highlight=False)
    console.width = min(console.width, WIDTH)
    is_plain = not console.encoding.startswith("utf")
    console.print(title(load), style="bold", markup=False)
    console.print()
    console.print(_table(_figures(load, report), is_plain=is_plain))
    if report.histogram:
        console.print()
        console.print("How many messages took at most how long", style="bold")
        console.print(_histogram(report, is_plain=is_plain))
    for remark in remarks(load, report):
        console.print()
        known = remark.encode(console.encoding, "replace").decode(console.encoding)
        console.print(Text(known, style=_WARNING))


def title(load: Load) -> str:
    """Say in one line what was done."""
    what = f"{load.pairs:,} pair{'s' * (load.pairs != 1)}, {load.protocol}, "
    how = f"{load.rate:,.0f} messages/s" if load.rate else f"{load.in_flight} in flight"
    drops = f", dropped every {load.drop_every_s:g} s" if load.drop_every_s else ""
    idle = f", {load.idle:,} idle" if load.idle else ""
    return f"{load.url}: {what}{load.payload_bytes} bytes, {how}{idle}{drops}"


def _figures(load: Load, report: Report) -> Iterator[tuple[str, str]]:
    per_client = report.messages_per_s / (2 * load.pairs)
    yield "messages/s", f"{report.messages_per_s:,.0f}"
    yield "of each client", f"{per_client:,.1f}"
    yield "messages measured", f"{report.messages:,} in {report.seconds:.1f} s"
    yield "latency p50", _ms(report.p50_us)
    yield "        p90", _ms(report.p90_us)
    yield "        p99", _ms(report.p99_us)
    yield "        p99.9", _ms(report.p999_us)
    yield "        max", _ms(report.max_us)
    if report.acknowledgements:
        yield "acknowledgements a message", f"{report.acknowledgements:.2f}"
    if report.server_us_per_message is not None:
        yield "server: CPU a message", f"{report.server_us_per_message:.1f} µs"
        yield "server: share of a core", f"{report.server_share:.0%}"
        yield "server: memory", f"{report.server_mb or 0:,.1f} MB"
    if report.idle_kb is not None:
        yield "server: memory an idle connection", f"{report.idle_kb:.1f} KB"
    if report.drops:
        yield from _dropped(report.drops)
    yield "generator: share of a core", f"{report.generator_share:.0%}"
    if jitter := report.jitter:
        spread = " / ".join(_short(each) for each in jitter[1:])
        yield f"generator: {_JITTER[jitter.of]}", f"{spread} (p50 / p99 / max)"


def _dropped(drops: Drops) -> Iterator[tuple[str, str]]:
    yield "dropped, resumed", f"{drops.drops:,}, {drops.resumes:,}"
    yield (
        "lost, doubled, out of order",
        f"{drops.lost:,}, {drops.doubled:,}, {drops.out_of_order:,}",
    )
    if drops.replay_p50_s is not None:
        times = (drops.replay_p50_s, drops.replay_p99_s, drops.replay_max_s)
        spread = " / ".join(_short((each or 0) * 1e6) for each in times)
        yield f"{drops.replays:,} replays took", f"{spread} (p50 / p99 / max)"
    yield "after the last word, all came in", f"{drops.drain_s:.1f} s"


def _table(rows: Iterator[tuple[str, str]], *, is_plain: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style=_ACCENT)
    table.add_column()
    for name, value in rows:
        table.add_row(name, _known(value, is_plain=is_plain))
    return table


def _histogram(report: Report, *, is_plain: bool) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style=_ACCENT)
    table.add_column(width=_BAR)
    table.add_column(justify="right")
    most = max(bucket.messages for bucket in report.histogram)
    total = sum(bucket.messages for bucket in report.histogram)
    for bucket in report.histogram:
        drawn = bar(bucket.messages / most, _BAR, is_plain=is_plain)
        share = bucket.messages / total
        table.add_row(
            _known(_time(bucket.most_us), is_plain=is_plain),
            drawn,
            f"{share:.2%}" if share >= 1e-4 or not share else "<0.01%",
        )
    return table


def _ms(us: float) -> str:
    return f"{us / 1000:,.{3 if us < 1000 else 2 if us < 10_000 else 1}f} ms"


def _short(us: float) -> str:
    """Round to three digits, in the unit that fits."""
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if us >= size:
            return f"{us / size:.3g} {unit}" if us < 1000 * size else f"{us / size:,.0f} {unit}"
    return f"{us:.3g} µs"


def _time(us: float) -> str:
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if us >= size:
            return f"{us / size:g} {unit}"
    return f"{us:g} µs"


def _known(text: str, *, is_plain: bool) -> str:
    return text.replace("µ", "u") if is_plain else text
