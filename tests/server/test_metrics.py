"""What is counted is what a scrape says, under names that others rely on."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families as families
from tests.conftest import Connect, StartServer
from tests.support.client import Client, meet
from tests.support.scrape import Scrape, fetch, ops_port
from tests.support.v1_client import V1Client, open_couple

from duologue import __version__
from duologue.server import Server
from duologue.wire.messages import ErrorCode

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| ([^|]+) \|", re.MULTILINE)
OPENMETRICS = "Accept: application/openmetrics-text; version=1.0.0"


@pytest.fixture
async def watched(start_server: StartServer) -> Server:
    return await start_server(ops_address="127.0.0.1:0")


async def scrape(server: Server) -> Scrape:
    return Scrape.of((await fetch(ops_port(server), "/metrics")).text)


async def test_a_fresh_server_has_every_series_and_all_are_zero(watched: Server) -> None:
    seen = await scrape(watched)
    of_ours = {
        series: value
        for series, value in seen.values.items()
        if series.startswith("duologue_") and "event_loop_lag" not in series
    }
    build = f'duologue_build_info{{loop="{loop_of(watched)}",version="{__version__}"}}'
    assert of_ours.pop(build) == 1
    assert set(of_ours.values()) == {0}
    assert seen.labels("duologue_refusals_total", "code") == set(ErrorCode)
    assert seen.labels("duologue_rooms", "standing") == {"waiting", "pair", "away"}


def loop_of(server: Server) -> str:
    return "uvloop" if "uvloop" in type(server._loop).__module__ else "asyncio"


async def test_what_happened_is_what_a_scrape_says(watched: Server, connect: Connect) -> None:
    port = watched.port
    alice, bob = await connect(port, name="Alice"), await connect(port, name="Bob")
    await meet(alice, bob)
    await alice.says("nonsense")
    await alice.hears()
    ann, ben = await open_couple(port)
    await ben.reset()
    assert (await ann.hears())["type"] == "partner_away"
    again = await V1Client.open(port)
    await again.resumes(ben)
    await alice.frame(3)
    await alice.hears_until_closed()
    assert (await bob.hears())["type"] == "partner_left"
    seen = await scrape(watched)
    for person in (ann, again):
        await person.abort()
    expected = {
        'duologue_connections{protocol="reference"}': 1,
        'duologue_connections{protocol="v1"}': 2,
        'duologue_connections_opened_total{protocol="reference"}': 2,
        'duologue_connections_opened_total{protocol="v1"}': 3,
        'duologue_connections_closed_total{code="1002"}': 1,
        'duologue_connections_closed_total{code="1006"}': 1,
        'duologue_connections_closed_total{code="1000"}': 0,
        'duologue_http_responses_total{status="101"}': 5,
        'duologue_rooms{standing="waiting"}': 1,
        'duologue_rooms{standing="pair"}': 1,
        'duologue_rooms{standing="away"}': 0,
        "duologue_rooms_created_total": 2,
        'duologue_resumes_total{outcome="accepted"}': 1,
        'duologue_refusals_total{code="invalid_message"}': 1,
        "duologue_draining": 0,
    }
    assert {series: seen.values[series] for series in expected} == expected
    assert seen.values["duologue_messages_received_total"] == 10
    assert seen.values["duologue_received_bytes_total"] > 10
    assert seen.values["duologue_frames_sent_total"] > 10
    assert seen.values['duologue_turnaround_seconds_bucket{le="+Inf"}'] > 0


@pytest.mark.parametrize("code", [1000, 3999, 4001, None])
async def test_a_peers_own_codes_make_no_series_of_their_own(
    watched: Server, code: int | None
) -> None:
    before = set((await scrape(watched)).values)
    client = await Client.connect(watched.port)
    await client.frame(8, b"" if code is None else code.to_bytes(2, "big"))
    await client.hears_until_closed()
    after = await scrape(watched)
    counted = {None: "1005", 3999: "other"}.get(code, str(code))
    assert after.values[f'duologue_connections_closed_total{{code="{counted}"}}'] == 1
    assert set(after.values) == before


async def test_the_names_are_what_the_formats_want(watched: Server) -> None:
    plain = (await fetch(ops_port(watched), "/metrics")).text
    opened = (await fetch(ops_port(watched), "/metrics", OPENMETRICS)).text
    assert {family.name for family in families(plain)} >= {"duologue_rooms", "process_open_fds"}
    for family in cast("Any", open_families)(opened):
        assert family.documentation
        assert family.type in {"counter", "gauge", "histogram", "info"}
        if family.name.startswith("duologue_"):
            assert not family.name.endswith(("_total", "_ms", "_count"))


async def test_the_table_for_operators_is_what_a_scrape_has(watched: Server) -> None:
    seen = await scrape(watched)
    tabled = {
        name: (kind, labels.strip().strip("`"))
        for name, kind, labels in ROW.findall((ROOT / "docs" / "running.md").read_text())
    }
    ours = {name: seen.kinds[name] for name in seen.kinds if name.startswith("duologue_")}
    assert {name: kind for name, (kind, _) in tabled.items()} == ours
    assert {name: labels for name, (_, labels) in tabled.items()} == {
        name: ", ".join(sorted(seen.label_names(name))) or "none" for name in ours
    }
