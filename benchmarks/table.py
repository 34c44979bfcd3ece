"""The results as GitHub Markdown, ready for README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.results import Key, Results
from benchmarks.servers import DUOLOGUE, FLOOR, SERVERS, Server

_MARKS = (
    (
        "†",
        "is_generator_limited",
        (
            "Here the load generator was the limit: the server could do more, and what is "
            "given as a part of it would be less. Compare CPU a message instead."
        ),
    ),
    (
        "‡",
        "is_disturbed",
        "Here other programs took the cores: measure again when the machine is quiet.",
    ),
)
_NONE = "-"


def markdown(results: Results) -> str:
    """Return all tables and remarks."""
    parts = [
        _throughput(results, "one", "**100 pairs, 64 bytes, 1 message in flight a client**"),
        _throughput(results, "eight", "**100 pairs, 64 bytes, 8 messages in flight a client**"),
        _company(results, "idle", "**One pair beside idle connections**", "idle_kb", "KB each"),
        _company(
            results,
            "stalled",
            "**One pair beside a flood at a stalled reader**",
            "growth_mb",
            "server grew by, MB",
        ),
        _acknowledged(results),
        _company(
            results,
            "seats",
            "**One pair beside idle seats of `duologue.v1`**",
            "idle_kb",
            "KB each",
        ),
        _scale(results),
        "\n".join(_remarks(results)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def fastest_peer(results: Results, scenario: str) -> Server | None:
    """Return the peer with the most messages/s."""
    speeds = {
        server: results.median(Key(scenario, "chat", server.name), "messages_per_s") or 0.0
        for server in SERVERS
        if server.role == "peer"
    }
    best = max(speeds, key=lambda server: speeds[server])
    return best if speeds[best] else None


def ranked(
    results: Results, scenario: str, run: str, figure: str
) -> list[tuple[Server, float]]:
    """Return the servers that were measured, and the figure's median, the largest first."""
    found = []
    for server in SERVERS:
        value = results.median(Key(scenario, run, server.name), figure)
        if value is not None:
            found.append((server, value))
    return sorted(found, key=lambda entry: -entry[1])


def _throughput(results: Results, scenario: str, title: str) -> str:
    rows = []
    for server, speed in ranked(results, scenario, "chat", "messages_per_s"):
        key = Key(scenario, "chat", server.name)
        mark = _mark(results, key)
        floor = results.ratio(key, key._replace(server=FLOOR.name), "messages_per_s")
        cpu = results.median(key, "server_us_per_message")
        rows.append(
            (
                server.label,
                f"{speed:,.0f}{mark}",
                _number(floor, 2),
                _latency(results, key),
                _number(cpu, 1),
            )
        )
    if not rows:
        return ""
    head = ("server", "messages/s", "of floor", "p50 / p99 / p99.9, ms", "CPU a message, µs")
    return "\n\n".join(filter(None, (title, _table(head, rows), _lead(results, scenario))))


def _mark(results: Results, key: Key) -> str:
    marks = (mark for mark, claim, _ in _MARKS if results.mostly(key, claim))
    return "".join(marks)


def _lead(results: Results, scenario: str) -> str:
    peer = fastest_peer(results, scenario)
    if peer is None:
        return ""
    key = Key(scenario, "chat", DUOLOGUE.name)
    times = results.ratio(key, key._replace(server=peer.name), "messages_per_s")
    return f"Duologue: {times:.1f} times the fastest peer, {peer.label}." if times else ""


def _latency(results: Results, key: Key) -> str:
    figures = (results.median(key, name) for name in ("p50_us", "p99_us", "p999_us"))
    return " / ".join(_number(None if us is None else us / 1000, 1) for us in figures)


def _company(results: Results, scenario: str, title: str, figure: str, unit: str) -> str:
    rows = []
    for server, value in reversed(ranked(results, scenario, "beside", figure)):
        beside, alone = (
            Key(scenario, "beside", server.name),
            Key(scenario, "alone", server.name),
        )
        p99s = (results.median(key, "p99_us") for key in (alone, beside))
        times = results.ratio(beside, alone, "p99_us")
        rows.append(
            (
                server.label,
                _number(value, 1),
                *(_number(p99, 0) for p99 in p99s),
                _number(times, 2),
            )
        )
    if not rows:
        return ""
    head = ("server", unit, "p99 alone, µs", "p99 beside, µs", "times")
    return f"{title}\n\n{_table(head, rows)}"


def _acknowledged(results: Results) -> str:
    title = "**With all acknowledgements, 100 pairs, 64 bytes, 8 messages in flight a client**"
    base = Key("acknowledged", "reference", DUOLOGUE.name)
    rows = []
    for label, key in (("reference", base), ("`duologue.v1`", base._replace(run="v1"))):
        speed = results.median(key, "messages_per_s")
        if speed is None:
            return ""
        rows.append(
            (
                label,
                f"{speed:,.0f}{_mark(results, key)}",
                _number(results.ratio(key, base, "messages_per_s"), 2),
                _number(results.median(key, "acknowledgements"), 2),
                _latency(results, key),
                _number(results.median(key, "server_us_per_message"), 1),
            )
        )
    head = (
        "protocol",
        "messages/s",
        "of reference",
        "acknowledgements a message",
        "p50 / p99 / p99.9, ms",
        "CPU a message, µs",
    )
    return f"{title}\n\n{_table(head, rows)}"


def _scale(results: Results) -> str:
    rows = []
    for server, _ in reversed(ranked(results, "scale", "many", "server_us_per_message")):
        few, many = (Key("scale", run, server.name) for run in ("few", "many"))
        cpu = (results.median(key, "server_us_per_message") for key in (few, many))
        times = results.ratio(many, few, "server_us_per_message")
        rows.append((server.label, *(_number(each, 1) for each in cpu), _number(times, 2)))
    if not rows:
        return ""
    title = "**CPU a message among many pairs, 1 message in flight a client**"
    pairs = results.about.get("many_pairs", 0)
    head = ("server", "with 10 pairs, µs", f"with {pairs:,}, µs", "times")
    return f"{title}\n\n{_table(head, rows)}"


def _remarks(results: Results) -> Iterator[str]:
    loaded = [key for key in results.series if key.run in ("chat", "reference", "v1")]
    for mark, claim, words in _MARKS:
        if any(results.mostly(key, claim) for key in loaded):
            yield f"{mark} {words}"
    for remark in results.remarks:
        yield f"Remark: {remark}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---", *("--:" for _ in head[1:])), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(value: float | None, digits: int) -> str:
    return _NONE if value is None else f"{value:,.{digits}f}"
