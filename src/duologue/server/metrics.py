"""What a server counts, in the format of Prometheus or OpenMetrics.

The only file that knows the library for it. Nothing is kept in the library's
own objects: at each scrape the plain numbers are read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, PlatformCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

import duologue
from duologue.core.lobby import Lobby
from duologue.core.tally import OTHER_CODE, Standing
from duologue.server import outlet, process
from duologue.server.gate import Refusal
from duologue.server.traffic import Histogram, Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What metrics are read from."""

    lobby: Lobby
    traffic: Traffic
    lag: Histogram
    loop: str
    count_doors: Callable[[], int]
    gate_refused: Mapping[Refusal, int]
    is_draining: Callable[[], bool]


class Exposition:
    """All metrics of one server, ready to be asked for."""

    def __init__(self, watched: Watched) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Reader(watched))
        PlatformCollector(registry=self._registry)

    def render(self, accept: str) -> tuple[str, bytes]:
        """Return content type and body, in the format that suits an Accept header."""
        encode, content_type = choose_encoder(accept)
        return content_type, encode(self._registry)


class _Reader(Collector):
    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def describe(self) -> Iterable[Metric]:
        return ()  # Or the registry would collect everything once, just to see the names.

    def collect(self) -> Iterator[Metric]:
        yield from self._state()
        yield from self._connections()
        yield from self._rooms()
        yield from self._traffic()
        yield from self._times()
        yield from _process()

    def _state(self) -> Iterator[Metric]:
        build = {"version": duologue.__version__, "loop": self._watched.loop}
        yield InfoMetricFamily(
            "duologue_build", "Which version serves, on which event loop", value=build
        )
        yield _gauge(
            "duologue_draining",
            "1 while the server takes leave of everyone, before it stops",
            int(self._watched.is_draining()),
        )
        yield _counter(
            "duologue_log_lines_dropped_total",
            "Log lines that found nobody to read them",
            outlet.dropped(),
        )

    def _connections(self) -> Iterator[Metric]:
        tally = self._watched.lobby.tally
        yield _gauge(
            "duologue_connections",
            "Connections of chat that are open",
            {
                protocol: count - tally.ended[protocol]
                for protocol, count in tally.opened.items()
            },
            "protocol",
        )
        yield _counter(
            "duologue_connections_opened_total",
            "Connections that became chat",
            tally.opened,
            "protocol",
        )
        yield _counter(
            "duologue_connections_closed_total",
            "Connections of chat that ended, by close code; 1006 means without one",
            {
                "other" if code == OTHER_CODE else int(code): n
                for code, n in tally.closed.items()
            },
            "code",
        )
        yield from self._requests()

    def _requests(self) -> Iterator[Metric]:
        watched, tally = self._watched, self._watched.lobby.tally
        yield _counter(
            "duologue_connections_turned_away_total",
            "Connections and requests that were not to become chat, by reason",
            tally.turned_away | {each.value: n for each, n in watched.gate_refused.items()},
            "reason",
        )
        yield _counter(
            "duologue_connections_accepted_total",
            "Connections of any kind that began",
            tally.accepted,
        )
        yield _gauge(
            "duologue_http_connections",
            "Connections that are not chat, or not yet",
            watched.count_doors(),
        )
        yield _counter(
            "duologue_http_responses_total",
            "Answers to handshakes and other requests; 101 opens chat",
            tally.answers,
            "status",
        )

    def _rooms(self) -> Iterator[Metric]:
        tally = self._watched.lobby.tally
        yield _gauge(
            "duologue_rooms",
            "Rooms with one person who waits, with a pair, or with someone away",
            {each: count for each, count in tally.rooms.items() if each != Standing.GONE},
            "standing",
        )
        yield _counter(
            "duologue_rooms_created_total", "Rooms that someone opened", tally.rooms_created
        )
        yield _counter(
            "duologue_rooms_rebuilt_total",
            "Rooms made again from a ticket, after a restart or a long absence",
            tally.rooms_rebuilt,
        )
        yield _counter(
            "duologue_resumes_total",
            "People who came back with a ticket and got their seat, or did not",
            {"accepted": tally.resumed, "refused": tally.not_resumed},
            "outcome",
        )
        yield _counter(
            "duologue_refusals_total", "Errors said to clients", tally.refusals, "code"
        )

    def _traffic(self) -> Iterator[Metric]:
        lobby, traffic = self._watched.lobby, self._watched.traffic
        yield _counter(
            "duologue_messages_received_total",
            "Messages that clients sent, of any kind",
            traffic.messages_received,
        )
        yield _counter(
            "duologue_received_bytes_total",
            "Payload of the messages that clients sent",
            traffic.bytes_received,
        )
        yield _counter(
            "duologue_frames_sent_total",
            "Frames sent to clients: messages, pings, pongs and closes",
            traffic.frames_sent,
        )
        yield _counter(
            "duologue_sent_bytes_total",
            "Bytes of the frames sent to clients",
            traffic.bytes_sent,
        )
        yield _gauge(
            "duologue_stalled_connections",
            "Connections whose client does not read",
            len(lobby.stalled),
        )
        yield _counter(
            "duologue_stalls_total", "How often a client stopped reading", lobby.tally.stalls
        )

    def _times(self) -> Iterator[Metric]:
        yield _histogram(
            "duologue_turnaround_seconds",
            "From the first frame of a batch to its last answer written",
            self._watched.traffic.turnaround,
        )
        yield _histogram(
            "duologue_event_loop_lag_seconds",
            "How late the event loop was for its own clock",
            self._watched.lag,
        )


def _process() -> Iterator[Metric]:
    """Tell of the process under the names that all exporters use."""
    seen = process.look()
    if seen is not None:
        yield _counter(
            "process_cpu_seconds_total", "CPU time, in seconds of one core", seen.cpu_s
        )
        yield _gauge("process_resident_memory_bytes", "Memory that it has", seen.resident_bytes)
        yield _gauge("process_start_time_seconds", "When it began, since 1970", seen.started_at)
        yield _gauge("process_open_fds", "Descriptors that are open", seen.open_files)
        yield _gauge("process_max_fds", "Descriptors that may be open", seen.most_files)


Counts = int | float | dict[str, int] | dict[int, int] | dict[str | int, int]


def _gauge(name: str, meaning: str, counts: Counts, label: str | None = None) -> Metric:
    return _filled(GaugeMetricFamily(name, meaning, labels=_labels(label)), counts)


def _counter(name: str, meaning: str, counts: Counts, label: str | None = None) -> Metric:
    return _filled(CounterMetricFamily(name, meaning, labels=_labels(label)), counts)


def _labels(label: str | None) -> tuple[str, ...]:
    return () if label is None else (label,)


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, counts: Counts
) -> GaugeMetricFamily | CounterMetricFamily:
    if isinstance(counts, int | float):
        family.add_metric((), counts)
    else:
        for key, count in counts.items():
            family.add_metric((str(key),), count)
    return family


def _histogram(name: str, meaning: str, histogram: Histogram) -> Metric:
    buckets = [
        ("+Inf" if bound_s == float("inf") else str(bound_s), count)
        for bound_s, count in histogram
    ]
    return HistogramMetricFamily(name, meaning, buckets=buckets, sum_value=histogram.sum_s)
