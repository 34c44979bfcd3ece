"""Runs the scenarios on the servers in turn, round after round, and collects the reports."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.process import BenchmarkError, Cores, measure, serving
from benchmarks.progress import Progress
from benchmarks.results import Key, Results
from benchmarks.scenarios import Scenario
from benchmarks.servers import Server
from duologue.bench.report import Report

Step = tuple[Scenario, Server]


def steps(scenarios: Sequence[Scenario], servers: Sequence[Server], rounds: int) -> list[Step]:
    """Return what to do in which order: neighbours are what is compared, seconds apart."""
    one_round = [
        (scenario, server)
        for scenario in scenarios
        for server in servers
        if scenario.includes(server)
    ]
    return one_round * rounds


def carry_out(plan: Sequence[Step], results: Results, progress: Progress) -> None:
    """Do each step; a server that fails is noted, and the others go on."""
    cores = Cores.available()
    for scenario, server in plan:
        progress.begin(f"{server.name}: {scenario.title}")
        reports = _reports(scenario, server, cores, results)
        for run, report in zip(scenario.runs, reports, strict=True):
            results.series[Key(scenario.name, run.name, server.name)].append(report)
            if report and report.idle < run.load.idle:
                results.remark(
                    f"only {report.idle:,} idle connections: the limit of open files"
                )
        progress.advance()


def _reports(
    scenario: Scenario, server: Server, cores: Cores, results: Results
) -> list[Report | None]:
    reports: list[Report | None] = []
    try:
        with serving(server, cores.server) as running:
            for run in scenario.runs:
                dialect = run.dialect or server.dialect
                reports.append(measure(running, run.load, dialect, cores.load))
    except BenchmarkError as error:
        results.remark(f"{server.name}, {scenario.title}: {error}")
    return reports + [None] * (len(scenario.runs) - len(reports))
