"""Two people on wires that lead nowhere; with a server they are in test_measure.py."""

from time import perf_counter
from typing import Any

import pytest

from duologue.bench.drops.person import Person, Stage
from duologue.bench.drops.record import Record
from duologue.bench.target import Target

CONNECTED = (
    '{"type":"connected","client_id":"c","protocol":"duologue.v1",'
    '"max_content_bytes":16384,"heartbeat_s":25}'
)
TICKET = '"ticket":"t","pairing":1'


class Wire:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.is_reset = False

    def say(self, texts: list[bytes]) -> None:
        self.said += [text.decode() for text in texts]

    def reset(self) -> None:
        self.is_reset = True


class Two:
    """Alice, who has Bob for a partner; neither connects by themselves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Person, "appear", lambda _self: None)
        self.stage = Stage(Target.find("127.0.0.1:1"), drop_every_s=1.0, away_s=1.0)
        self.alice, self.bob = (Person(self.stage, n, Record(n, 16)) for n in (0, 1))
        self.alice.open_room(self.bob)
        self.wire: Any = Wire()

    def sit_down(self) -> None:
        self.alice.on_connected(self.wire)
        self.alice.on_open()
        for text in (
            CONNECTED,
            '{"type":"username_set","username":"Person 0"}',
            '{"type":"room_created","room_code":"8RZ0MQ","ticket":"t","pairing":0}',
            '{"type":"partner_joined","username":"Person 1",' + TICKET + "}",
        ):
            self.alice.on_texts([text])


@pytest.mark.anyio
async def test_a_room_is_opened_and_the_partner_told_of_it(monkeypatch: Any) -> None:
    two = Two(monkeypatch)
    two.sit_down()
    assert two.alice.is_seated
    assert not two.alice.is_done
    assert two.stage.troubles == []
    assert any('"create_room"' in text for text in two.wire.said)


@pytest.mark.anyio
async def test_a_window_is_filled_until_the_talk_ends(monkeypatch: Any) -> None:
    two = Two(monkeypatch)
    two.sit_down()
    two.alice.fill(2)
    assert two.alice.said.said_at == []
    two.stage.talk_until = float("inf")
    two.alice.fill(2)
    two.stage.talk_until = 0.0
    two.alice.fill(2)
    assert len(two.alice.said.said_at) == 2
    assert sum('"type":"chat"' in text for text in two.wire.said) == 2


@pytest.mark.anyio
async def test_what_is_said_early_counts_from_when_it_is_said(monkeypatch: Any) -> None:
    two = Two(monkeypatch)
    two.sit_down()
    two.stage.talk_until = float("inf")
    now = perf_counter() + 1000.0
    two.alice.speak(now, 1000.0)
    assert two.alice.late == [0.0]
    assert two.alice.said.said_at[0] < now


@pytest.mark.anyio
async def test_what_must_not_happen_is_a_trouble(monkeypatch: Any) -> None:
    two = Two(monkeypatch)
    two.sit_down()
    two.alice.on_texts(['{"type":"partner_left"}', '{"type":"odd'])
    assert len(two.stage.troubles) == 2
    assert two.stage.troubles[0].startswith("undecodable: ")
    assert two.stage.troubles[1].startswith("PartnerLeft")


@pytest.mark.anyio
async def test_a_lost_connection_is_counted_with_its_reason(monkeypatch: Any) -> None:
    two = Two(monkeypatch)
    two.sit_down()
    two.alice.on_lost(two.wire, 1012)
    two.alice.on_lost(two.wire, 1012)  # It has let that one go.
    assert two.stage.counts["closed 1012"] == 1
    two.alice.vanish()


@pytest.mark.anyio
async def test_a_reset_is_for_who_is_connected_while_connections_are_shaken(
    monkeypatch: Any,
) -> None:
    two = Two(monkeypatch)
    two.sit_down()
    two.alice._reset()
    assert not two.wire.is_reset
    two.stage.is_shaking = True
    two.alice._reset()
    two.alice._reset()
    assert two.wire.is_reset
    assert two.stage.counts["resets"] == 1
    two.alice.vanish()
