"""The property that Duologue exists for: nothing is lost, doubled or moved.

What either program is given is at every moment a prefix of what the other
sent, whatever happens to connections and servers; once both are connected
long enough, it is all of it. With people who leave and others who join, nobody
hears what was meant for another, and every chat ends as delivered or is
reported as not delivered. The model is in `tests/support/model.py`.
"""

import os
import time
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import Phase

from duologue.core import comeback
from duologue.core.line import Line
from duologue.core.room import Room
from duologue.core.seat import SENT, Seat
from duologue.core.session import Session
from duologue.wire import v1
from tests.support.model import Model, NobodyElseHears, NothingIsLost, run

BUDGET_S = 60.0
"""How long `make test` looks for a counterexample, both machines together."""

STEPS = int(os.environ.get("DUOLOGUE_MODEL_STEPS", "0"))
"""So many steps instead, however long they take: `make soak`."""

MACHINES = [NothingIsLost, NobodyElseHears]


@pytest.mark.parametrize("machine", MACHINES)
def test_the_property_holds(machine: type[Model]) -> None:
    Model.steps, started = 0, time.monotonic()
    while True:
        run(machine, max_examples=50)
        if STEPS:
            if Model.steps >= STEPS:
                break
        elif time.monotonic() - started >= BUDGET_S / len(MACHINES):
            break
    print(f"{machine.__name__}: {Model.steps} steps")


# Five bugs, planted one at a time: a model that does not find them would prove nothing.


def without_take_over(patch: pytest.MonkeyPatch) -> None:
    """The end of the old connection takes the seat from the new one."""

    def lost(session: Session) -> None:
        if session.seat is not None:
            session._lose(session.seat)
        session._lobby.forget(session)

    patch.setattr(Session, "lost", lost)


def delivered_at_acceptance(patch: pytest.MonkeyPatch) -> None:
    """What the server holds is called delivered."""
    settle = Seat.settle

    def settle_early(seat: Seat) -> None:
        if seat.owed & SENT and seat.out is not None:
            seat.line.send(v1.Delivered(seat.room.pairing, seat.out.accepted))
        settle(seat)

    patch.setattr(Seat, "settle", settle_early)


def accepted_off_by_one(patch: pytest.MonkeyPatch) -> None:
    """Who comes back is told of one chat too many."""
    sit_down = comeback._sit_down

    def sit_down_beyond(room: Room, seat: Seat, line: Line) -> bool:
        if seat.out is None:
            return sit_down(room, seat, line)
        seat.out.accepted += 1
        was_away = sit_down(room, seat, line)
        seat.out.accepted -= 1
        return was_away

    patch.setattr(comeback, "_sit_down", sit_down_beyond)


def trusting_one_client(patch: pytest.MonkeyPatch) -> None:
    """A rebuilt room goes by what the sender knows, not by what the receiver has."""
    reconcile = comeback._reconcile

    def reconcile_half(room: Room, seat: Seat, claim: v1.Resume) -> None:
        incoming = seat.partner.out
        received = (
            claim.received if incoming is None else min(claim.received, incoming.accepted)
        )
        reconcile(room, seat, msgspec.structs.replace(claim, received=received))

    patch.setattr(comeback, "_reconcile", reconcile_half)


def chat_without_pairing(patch: pytest.MonkeyPatch) -> None:
    """A chat goes to whoever sits opposite when it arrives."""
    post = Room.post

    def post_to_anyone(room: Room, seat: Seat, chat: v1.Chat) -> None:
        post(room, seat, msgspec.structs.replace(chat, pairing=room.pairing))

    patch.setattr(Room, "post", post_to_anyone)


@pytest.mark.parametrize(
    ("machine", "bug"),
    [
        (NothingIsLost, without_take_over),
        (NothingIsLost, delivered_at_acceptance),
        (NothingIsLost, accepted_off_by_one),
        (NothingIsLost, trusting_one_client),
        (NobodyElseHears, chat_without_pairing),
    ],
)
def test_a_planted_bug_is_found(
    machine: type[Model],
    bug: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bug(monkeypatch)
    with pytest.raises(AssertionError):
        run(machine, max_examples=500, derandomize=True, phases=[Phase.generate])
