"""Whole runs against a real server, and against what lies."""

import json
import signal
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.answering import answering
from tests.support.certificate import self_signed
from tests.support.liar import Lie, Reordering, between, changing, doubling, losing
from tests.support.program import Program, running

from duologue.bench.load import Load
from duologue.bench.report import Report
from duologue.bench.run import run
from duologue.errors import LoadError

MakeLoad = Callable[..., Load]


def is_sound(report: Report) -> bool:
    """Say whether a report's figures fit together."""
    times = (report.p50_us, report.p90_us, report.p99_us, report.p999_us, report.max_us)
    counted = sum(bucket.messages for bucket in report.histogram)
    return (
        report.messages > 0
        and report.p50_us > 0
        and list(times) == sorted(times)
        and report.messages_per_s == pytest.approx(report.messages / report.seconds, rel=0.1)
        and counted >= report.messages
        and report.jitter is not None
        and 0 <= report.jitter.p50_us <= report.jitter.p99_us <= report.jitter.max_us
    )


@pytest.mark.parametrize("protocol", ["v1", "reference"])
@pytest.mark.parametrize("in_flight", [1, 8])
def test_as_much_as_the_server_can_do(short: MakeLoad, protocol: str, in_flight: int) -> None:
    report = run(short(protocol=protocol, in_flight=in_flight))
    assert is_sound(report)
    assert (report.acknowledgements > 0) == (protocol == "v1")
    assert report.jitter is not None
    assert report.jitter.of == "turn"


@pytest.mark.parametrize("protocol", ["v1", "reference"])
def test_a_fixed_rate(short: MakeLoad, protocol: str) -> None:
    report = run(short(protocol=protocol, rate=100, seconds=1))
    assert is_sound(report)
    # Somebody's turn may come just before or just after the measured time.
    assert 0 < report.said_per_s <= 110
    assert report.jitter is not None
    assert report.jitter.of == "message"


@pytest.mark.parametrize(("protocol", "in_flight"), [("v1", 16), ("reference", 100)])
def test_contents_that_no_socket_takes_at_once(
    short: MakeLoad, protocol: str, in_flight: int
) -> None:
    report = run(short(protocol=protocol, pairs=1, in_flight=in_flight, payload_bytes=16_000))
    assert is_sound(report)


def test_a_server_that_reads_less_than_is_said_keeps_no_more_for_that(short: MakeLoad) -> None:
    with running("--log", "error", "--bytes-per-s", "200000") as slow:
        url = f"127.0.0.1:{slow.port}"
        # Ten times as much may come at once; then it is a message every 80 ms.
        report = run(short(url, pairs=1, in_flight=16, payload_bytes=16_000, seconds=2))
    assert is_sound(report)
    assert report.messages_per_s < 300


def test_what_a_server_costs(short: MakeLoad, program: Program) -> None:
    report = run(short(pid=program.process.pid, idle=20))
    assert is_sound(report)
    assert report.server_share is not None
    assert report.server_us_per_message is not None
    assert report.server_mb
    assert report.idle == 20
    assert report.idle_kb is not None


@pytest.mark.parametrize("is_seated", [False, True])
def test_idle_connections_may_be_seated(short: MakeLoad, is_seated: bool) -> None:
    assert run(short(idle=4, seated=is_seated)).idle == 4


def test_a_flood_at_someone_who_does_not_read_is_measured(
    short: MakeLoad, program: Program
) -> None:
    report = run(short(stalled=True, protocol="reference", rate=50, pid=program.process.pid))
    assert report.flood_mb
    assert report.growth_mb is not None


@pytest.mark.parametrize("protocol", ["v1", "reference"])
@pytest.mark.parametrize("load", [{}, {"in_flight": 8}, {"rate": 200}])
def test_wss(
    short: MakeLoad,
    program: Program,
    tmp_path: Path,
    protocol: str,
    load: dict[str, float],
) -> None:
    with between(program.port, context=self_signed(tmp_path)) as port:
        url = f"wss://127.0.0.1:{port}"
        report = run(short(url, insecure=True, protocol=protocol, **load))
    assert is_sound(report)


def test_large_contents_over_wss(short: MakeLoad, program: Program, tmp_path: Path) -> None:
    with between(program.port, context=self_signed(tmp_path)) as port:
        url = f"wss://127.0.0.1:{port}"
        report = run(short(url, insecure=True, pairs=1, in_flight=16, payload_bytes=16_000))
    assert is_sound(report)


def test_a_certificate_that_nobody_signed_is_refused(
    short: MakeLoad, program: Program, tmp_path: Path
) -> None:
    with (
        between(program.port, context=self_signed(tmp_path)) as port,
        pytest.raises(LoadError, match=r"certificate is not good: .*--insecure takes any"),
    ):
        run(short(f"wss://127.0.0.1:{port}"))


def test_a_certificate_that_is_trusted_is_taken(
    short: MakeLoad, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    assert ssl.get_default_verify_paths().cafile == str(tmp_path / "cert.pem")
    with between(program.port, context=context) as port:
        assert is_sound(run(short(f"wss://127.0.0.1:{port}")))


@pytest.mark.parametrize("protocol", ["v1", "reference"])
@pytest.mark.parametrize(
    "lie", [lambda: losing, lambda: doubling, lambda: changing, Reordering]
)
def test_a_server_that_loses_doubles_changes_or_reorders_is_found_out(
    short: MakeLoad, program: Program, protocol: str, lie: Callable[[], Lie]
) -> None:
    with (
        between(program.port, lie) as port,
        pytest.raises(LoadError, match="out of turn"),
    ):
        run(short(f"127.0.0.1:{port}", protocol=protocol, in_flight=4, seconds=30))


SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", "refused the WebSocket: .* 503 Service"),
        (b"HTTP/1.1 429 Too Many Requests\r\n\r\n", "refused the WebSocket: .* 429 Too Many"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "refused the WebSocket: .* 403 Forbidden"),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>", "refused the WebSocket: .* 200 OK"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no web server: b'SSH-2.0"),
        (SWITCHED + b"\r\n", "speaks no subprotocol, not duologue.v1"),
        (
            SWITCHED + b"Sec-WebSocket-Protocol: graphql-ws\r\n\r\n",
            "speaks graphql-ws, not duologue.v1",
        ),
        (
            SWITCHED + b"Sec-WebSocket-Protocol: duologue.v1\r\n\r\n\x81\x02hi",
            "what nobody expected",
        ),
        (
            SWITCHED + b'Sec-WebSocket-Protocol: duologue.v1\r\n\r\n\x81\x0e{"type":"no!"}',
            "expected 'connected'",
        ),
        (
            SWITCHED + b"Sec-WebSocket-Protocol: duologue.v1\r\n\r\n\x88\x02\x0f\xa8",
            r"closed a connection with code 4008 \(RATE_LIMITED\)",
        ),
        (
            SWITCHED + b"Sec-WebSocket-Protocol: duologue.v1\r\n\r\n\x01\x02hi",
            "a fragmented frame",
        ),
    ],
)
def test_what_is_no_server_of_this_protocol_is_named(
    short: MakeLoad, answer: bytes, reason: str
) -> None:
    with answering(answer) as port, pytest.raises(LoadError, match=reason):
        run(short(f"127.0.0.1:{port}"))


def test_a_server_that_hangs_up_at_once_is_named(short: MakeLoad) -> None:
    with (
        answering(b"", then_close=True) as port,
        pytest.raises(LoadError, match=r"closed a connection|a connection broke"),
    ):
        run(short(f"127.0.0.1:{port}"))


def test_no_tls_where_tls_is_asked_for_is_named(short: MakeLoad) -> None:
    with (
        answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port,
        pytest.raises(LoadError, match="no TLS there"),
    ):
        run(short(f"wss://127.0.0.1:{port}"))


def test_a_process_that_is_not_there_is_named(short: MakeLoad) -> None:
    with pytest.raises(LoadError, match="there is no process 999999999"):
        run(short(pid=999_999_999))


def test_contents_that_the_server_does_not_take_are_named(short: MakeLoad) -> None:
    with pytest.raises(LoadError, match="message_too_long"):
        run(short(payload_bytes=20_000))


class Acting:
    """Does something once everybody talks."""

    parts = 100

    def __init__(self, act: Callable[[], object]) -> None:
        self._acts = [act]

    def prepare(self, *phases: str) -> None:
        pass

    def at(self, phase: str, share: float) -> None:
        if phase == "measuring" and share > 0 and self._acts:
            self._acts.pop()()


def test_a_server_that_dies_is_named(short: MakeLoad) -> None:
    with running("--log", "error") as dying:
        progress = Acting(dying.process.kill)
        with pytest.raises(LoadError, match=r"closed a connection|a connection broke"):
            run(short(f"127.0.0.1:{dying.port}", seconds=10), progress=progress)


@pytest.mark.parametrize("protocol", ["v1", "reference"])
def test_who_ends_it_gets_what_was_measured_so_far(short: MakeLoad, protocol: str) -> None:
    assert threading.current_thread() is threading.main_thread()
    progress = Acting(lambda: signal.raise_signal(signal.SIGINT))
    report = run(short(seconds=5, protocol=protocol), progress=progress)
    assert report.is_stopped
    assert report.seconds < 4.25
    assert is_sound(report)


def test_a_report_is_json_and_back(short: MakeLoad, program: Program) -> None:
    report = run(short(pid=program.process.pid))
    again = Report.from_dict(json.loads(json.dumps(report.as_dict())))
    assert again.messages_per_s == report.messages_per_s
    assert again.server_share == report.server_share
