"""Random people, networks and machines, and what has to be true of them always.

Two conversations and a server are wired back to back, through the codec and
with real tickets. `NothingIsLost` has two people who stay; `NobodyElseHears`
people who come and go.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from duologue.client.outgoing import Progress
from duologue.errors import DuologueError
from tests.support.census import counted_rooms, standing_rooms
from tests.support.world import Player, World

FEW = st.integers(1, 3)


class Model(RuleBasedStateMachine):
    """What networks and machines do, whoever the people are."""

    steps: ClassVar[int] = 0
    limits: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.world = World(**self.limits)
        self.players: list[Player] = []
        self.numbers = 0

    def meet(self) -> None:
        """Let the first two create and join a room, with nothing in their way."""
        ann, ben, *_ = self.players
        self.wish(ann, lambda player: player.conversation.create_room())
        self.world.calm(self.players)
        self.wish(ben, lambda player: player.conversation.join_room(ann.code or ""))
        self.world.calm(self.players)
        if (ann.partner, ben.partner) != ("Ben", "Ann"):
            raise RuntimeError("they could not meet")  # Not what a planted bug is found by.

    @staticmethod
    def wish(player: Player, act: Callable[[Player], None]) -> None:
        try:
            act(player)
        except DuologueError:
            return
        if player.link is not None:
            player.acts()

    def player(self, data: st.DataObject) -> Player:
        Model.steps += 1
        return data.draw(st.sampled_from(self.players))

    @rule(data=st.data(), count=FEW)
    def someone_says_things(self, data: st.DataObject, count: int) -> None:
        self.says(self.player(data), count)

    def says(self, player: Player, count: int) -> None:
        for _ in range(count):
            self.numbers += 1
            player.says(f"{player.name} {self.numbers}")

    @rule(data=st.data(), count=FEW)
    def the_server_hears(self, data: st.DataObject, count: int) -> None:
        Model.steps += 1
        if links := [link for link in self.world.links if link.to_server]:
            self.world.let_server_hear(data.draw(st.sampled_from(links)), count)

    @rule(data=st.data(), count=FEW)
    def a_client_hears(self, data: st.DataObject, count: int) -> None:
        self.world.let_client_hear(self.player(data), count)

    @rule(data=st.data(), rounds=FEW)
    def all_is_heard_but_from_one(self, data: st.DataObject, rounds: int) -> None:
        mute = self.player(data)
        for _ in range(rounds):
            for player in self.players:
                if player.link is not None and player is not mute:
                    self.world.let_server_hear(player.link, 100)
            for player in self.players:
                self.world.let_client_hear(player, 100)
                player.takes()

    @rule()
    def everyone_is_connected_long_enough(self) -> None:
        Model.steps += 1
        self.world.calm(self.players)
        self.check()

    def check(self) -> None:
        """Look whether all is as it has to be when nothing more happens."""

    @rule(data=st.data())
    def a_program_takes_a_chat(self, data: st.DataObject) -> None:
        self.player(data).takes()

    @rule(data=st.data())
    def someone_connects_anew(self, data: st.DataObject) -> None:
        """Beside a connection that the server may take for alive."""
        self.world.connect(self.player(data))

    @rule(data=st.data())
    def a_connection_drops(self, data: st.DataObject) -> None:
        player = self.player(data)
        link = player.link
        player.hangs_up()
        if link is not None:
            self.world.cut(link)

    @rule(data=st.data())
    def a_client_is_gone_and_the_server_does_not_know(self, data: st.DataObject) -> None:
        self.player(data).hangs_up()

    @rule(data=st.data())
    def the_server_notices_that_a_client_is_gone(self, data: st.DataObject) -> None:
        Model.steps += 1
        if gone := [link for link in self.world.links if not link.has_client]:
            self.world.cut(data.draw(st.sampled_from(gone)))

    @rule(data=st.data())
    def the_server_loses_a_client_that_does_not_know(self, data: st.DataObject) -> None:
        if (link := self.player(data).link) is not None:
            self.world.cut(link)

    @rule(data=st.data())
    def a_client_stops_reading(self, data: st.DataObject) -> None:
        if (link := self.player(data).link) is not None:
            self.world.stall(link)

    @rule(data=st.data())
    def a_client_reads_again(self, data: st.DataObject) -> None:
        if (link := self.player(data).link) is not None:
            self.world.drain(link)

    @rule()
    def the_server_is_killed_and_another_started(self) -> None:
        Model.steps += 1
        self.world.kill()

    @rule()
    def another_server_takes_over(self) -> None:
        """It is there from now on, and the old one sends its clients to it in turn."""
        Model.steps += 1
        self.world.take_over()

    @rule()
    def the_old_server_ends(self) -> None:
        Model.steps += 1
        self.world.end_drain()

    @rule(seconds=st.sampled_from([1, 5, 31, 70]))
    def time_goes_by(self, seconds: float) -> None:
        Model.steps += 1
        self.world.wait(seconds)

    @invariant()
    def what_is_called_delivered_has_been_taken(self) -> None:
        taken = {chat.content for player in self.players for chat in player.heard}
        for player in self.players:
            for message, _ in player.sent:
                if message.progress >= Progress.DELIVERED:
                    assert message.content in taken

    @invariant()
    def the_tally_counts_the_rooms_as_they_are(self) -> None:
        assert counted_rooms(self.world.lobby) == standing_rooms(self.world.lobby)

    def heard_by(self, player: Player, speaker: Player) -> list[str]:
        return [chat.content for chat in player.heard if chat.sender == speaker.name]


class NothingIsLost(Model):
    """Two people who met once and stay, whatever happens to their connections."""

    def __init__(self) -> None:
        super().__init__()
        self.players = [Player("Ann"), Player("Ben")]
        self.meet()

    @invariant()
    def what_is_heard_is_a_prefix_of_what_was_said(self) -> None:
        for player, partner in (self.players, self.players[::-1]):
            said = [message.content for message, _ in partner.sent]
            heard = self.heard_by(player, partner)
            assert heard == said[: len(heard)]

    def check(self) -> None:
        for player, partner in (self.players, self.players[::-1]):
            said = [message.content for message, _ in partner.sent]
            assert self.heard_by(player, partner) == said
            assert all(message.progress is Progress.DELIVERED for message, _ in partner.sent)

    def teardown(self) -> None:
        self.everyone_is_connected_long_enough()


class NobodyElseHears(Model):
    """People who come and go, in one room and with tickets that soon expire."""

    limits: ClassVar[dict[str, Any]] = {"ticket_life_s": 150.0}

    def __init__(self) -> None:
        super().__init__()
        self.players = [Player("Ann"), Player("Ben"), Player("Cho")]
        self.meet()

    @rule(data=st.data())
    def someone_creates_a_room(self, data: st.DataObject) -> None:
        self.wish(self.player(data), lambda player: player.conversation.create_room())

    @rule(data=st.data())
    def someone_joins(self, data: st.DataObject) -> None:
        player = self.player(data)
        codes = sorted({other.code for other in self.players if other.code is not None})
        if codes:
            code = data.draw(st.sampled_from(codes))
            self.wish(player, lambda player: player.conversation.join_room(code))

    @rule(data=st.data())
    def someone_leaves(self, data: st.DataObject) -> None:
        self.wish(self.player(data), lambda player: player.conversation.leave())

    @rule(data=st.data())
    def someone_is_replaced(self, data: st.DataObject) -> None:
        """Before the server hears what the one who stays has just said."""
        leaver, newcomer, stayer = data.draw(st.permutations(self.players))
        code = leaver.code
        self.says(stayer, 1)
        self.wish(leaver, lambda player: player.conversation.leave())
        self.wish(newcomer, lambda player: player.conversation.join_room(code or "-"))
        for player in (leaver, newcomer):
            if player.link is not None:
                self.world.let_server_hear(player.link, 100)
        for player in (leaver, newcomer):
            self.world.let_client_hear(player, 100)

    @rule(data=st.data())
    def someone_will_not_wait(self, data: st.DataObject) -> None:
        self.wish(self.player(data), lambda player: player.conversation.free_seat())

    @invariant()
    def nobody_hears_what_was_meant_for_another(self) -> None:
        meant_for = {
            message.content: partner
            for player in self.players
            for message, partner in player.sent
        }
        for player in self.players:
            assert all(meant_for[chat.content] == player.name for chat in player.heard)

    @invariant()
    def within_a_pairing_nothing_is_missing_doubled_or_moved(self) -> None:
        for player in self.players:
            meetings: dict[tuple[str, str, int], list[str]] = {}
            for chat in player.heard:
                key = (chat.sender, chat.room_code, chat.pairing)
                meetings.setdefault(key, []).append(chat.content)
            for (sender, _, pairing), heard in meetings.items():
                said = [
                    message.content
                    for speaker in self.players
                    for message, partner in speaker.sent
                    if (speaker.name, partner, message.pairing)
                    == (sender, player.name, pairing)
                ]
                assert heard in [said[at : at + len(heard)] for at in range(len(said))]

    def teardown(self) -> None:
        self.world.calm(self.players)
        for player in self.players:
            self.wish(player, lambda player: player.conversation.leave())
        self.world.calm(self.players)
        for player in self.players:
            assert all(message.is_settled for message, _ in player.sent)


def run(machine: type[Model], *, max_examples: int, **options: Any) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max_examples,
            stateful_step_count=60,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )
