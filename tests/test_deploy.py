"""What operators load elsewhere asks for nothing that a server does not tell."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartServer
from tests.support.scrape import Scrape, fetch, ops_port

DEPLOY = Path(__file__).parents[1] / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
ALERTS = (DEPLOY / "prometheus-alerts.yml").read_text()

OF_PROMETHEUS = {"instance", "job", "le"}
"""Labels that it adds by itself, and that of the bounds of histograms."""

SELECTED = re.compile(r"\b((?:duologue|process)_\w+)(?:{([^}]*)})?")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
MATCHER = re.compile(r'(\w+)=(~?)"([^"]*)"')


def panels(parent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for panel in parent["panels"]:
        yield panel
        yield from panels(panel) if "panels" in panel else ()


GRAPHS = [panel for panel in panels(DASHBOARD) if panel["type"] != "row"]
EXPRESSIONS = [
    *(target["expr"] for panel in GRAPHS for target in panel["targets"]),
    *re.findall(r"expr: (.+)", ALERTS),
]


@pytest.fixture
async def seen(start_server: StartServer) -> Scrape:
    server = await start_server(ops_address="127.0.0.1:0")
    return Scrape.of((await fetch(ops_port(server), "/metrics")).text)


async def test_every_expression_is_about_what_a_server_tells(seen: Scrape) -> None:
    assert len(EXPRESSIONS) > 30
    for expression in EXPRESSIONS:
        known = set(OF_PROMETHEUS)
        for name, matchers in SELECTED.findall(expression):
            bare = re.sub("_bucket$", "", name)
            assert bare in seen.kinds, name
            assert (bare == name) is (seen.kinds[bare] != "histogram")
            known |= seen.label_names(bare)
            for label, is_pattern, value in MATCHER.findall(matchers):
                assert label in OF_PROMETHEUS | seen.label_names(bare), expression
                if label not in OF_PROMETHEUS and not is_pattern:
                    assert value in seen.labels(bare, label), expression
        for labels in GROUPED.findall(expression):
            assert set(labels.split(", ")) <= known, expression


async def test_the_dashboard_shows_all_that_a_server_tells(seen: Scrape) -> None:
    shown = {
        re.sub("_bucket$", "", name)
        for panel in GRAPHS
        for target in panel["targets"]
        for name, _ in SELECTED.findall(target["expr"])
    }
    assert {name for name in seen.kinds if name.startswith("duologue_")} <= shown


def test_a_counter_is_shown_as_a_rate_and_a_legend_knows_its_labels() -> None:
    for panel in GRAPHS:
        for target in panel["targets"]:
            expression = target["expr"]
            for counter in re.findall(r"\w+_(?:total|bucket)\b", expression):
                assert re.search(rf"(?:rate|increase)\({counter}\b", expression), expression
            grouped = {
                label for labels in GROUPED.findall(expression) for label in labels.split(", ")
            }
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                assert label in grouped | {"instance"}


def test_a_dashboard_can_be_imported_anywhere() -> None:
    ids = [panel["id"] for panel in panels(DASHBOARD)]
    assert len(set(ids)) == len(ids)
    assert {variable["name"] for variable in DASHBOARD["templating"]["list"]} == {
        "datasource",
        "instance",
    }
    for panel in GRAPHS:
        assert panel["title"]
        assert panel["description"]
        for each in (panel, *panel["targets"]):
            assert each["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_no_two_panels_of_the_dashboard_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels(DASHBOARD):
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_every_alert_says_what_is_wrong() -> None:
    names = re.findall(r"- alert: (\w+)", ALERTS)
    assert (
        len(set(names)) == len(names) == ALERTS.count("summary:") == ALERTS.count("severity:")
    )
