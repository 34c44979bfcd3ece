"""Made-up figures."""

from dataclasses import replace
from typing import Any

from duologue.bench.histogram import Bucket
from duologue.bench.load import Load
from duologue.bench.report import Drops, Jitter, Report

LOAD = Load("ws://127.0.0.1:8080/ws", pid=1)

DROPS = Drops(
    drops=1234,
    resumes=1233,
    said=1_000_000,
    lost=0,
    doubled=0,
    out_of_order=0,
    strange=0,
    troubles=[],
    replays=1200,
    replay_p50_s=0.001,
    replay_p99_s=0.9,
    replay_max_s=12.5,
    drain_s=1.25,
)

REPORT = Report(
    messages=12_345_678,
    messages_per_s=123_456.7,
    p50_us=950.5,
    p90_us=8_765.4,
    p99_us=98_765.4,
    p999_us=1_234_567.8,
    max_us=12_345_678.9,
    generator_share=0.5,
    stolen_share=0.0,
    server_share=0.99,
    server_us_per_message=12.3,
    acknowledgements=0.37,
    server_mb=1234.5,
    others_share=0.01,
    seconds=100.0,
    said_per_s=123_456.7,
    jitter=Jitter("message", 100.0, 23_456.7, 1_234_567.8),
    histogram=(Bucket(700.0, 1), Bucket(1000.0, 9_999_999), Bucket(1500.0, 0), Bucket(2e7, 9)),
)


def replaced(**figures: Any) -> Report:
    return replace(REPORT, **figures)


def with_drops(**figures: Any) -> Report:
    return replace(REPORT, drops=replace(DROPS, **figures))
