"""The rules of the room, as a random model: any people, in any order.

The model knows who is where and who types. What the lobby says to anyone must
be what the model expects, no more and no less, after every single step.
"""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)
from tests.support.census import counted_rooms, standing_rooms
from tests.support.stage import Person, Stage

from duologue.wire import refusals
from duologue.wire.messages import (
    Chat,
    ClientMessage,
    CreateRoom,
    JoinRoom,
    LeaveRoom,
    PartnerJoined,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomCreated,
    RoomJoined,
    Said,
    SetUsername,
    StopTyping,
    Typing,
    UsernameSet,
)

NAMES = st.sampled_from(["Ann", "Ben", "Cho", "Dee"])


class TwoInARoom(RuleBasedStateMachine):
    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.arrivals = 0
        self.here: list[Person] = []
        self.names: dict[Person, str] = {}
        self.room_of: dict[Person, str] = {}
        self.typing: set[Person] = set()
        self.stalled: set[Person] = set()
        self.codes: list[str] = []
        self.shown_typing: dict[Person, bool] = {}

    def expect(self, *expected: Any) -> None:
        """Compare the whole of what was said with what had to be."""
        assert self.stage.heard() == [(person.name, message) for person, message in expected]

    def members(self, code: str) -> list[Person]:
        return [person for person in self.here if self.room_of.get(person) == code]

    def partner(self, person: Person) -> Person | None:
        code = self.room_of.get(person)
        return next(
            (
                other
                for other in self.here
                if other is not person and code is not None and self.room_of.get(other) == code
            ),
            None,
        )

    def told(self, person: Person, message: Any) -> list[tuple[Person, Any]]:
        partner = self.partner(person)
        return [] if partner is None else [(partner, message)]

    def is_refused_a_seat(self, person: Person) -> bool:
        if person not in self.names:
            self.expect((person, refusals.USERNAME_REQUIRED))
        elif person in self.room_of:
            self.expect((person, refusals.ALREADY_IN_ROOM))
        else:
            return False
        return True

    def is_refused_to_talk(self, person: Person) -> bool:
        if person in self.room_of:
            return False
        self.expect((person, refusals.NOT_IN_ROOM))
        return True

    def takes_leave(self, person: Person) -> list[tuple[Person, Any]]:
        told = self.told(person, PartnerLeft())
        self.room_of.pop(person, None)
        self.typing.discard(person)
        return told

    @rule(target=people)
    def connects(self) -> Any:
        if len(self.here) == 6:
            return multiple()
        self.arrivals += 1
        person = self.stage.connect(f"person {self.arrivals}")
        self.here.append(person)
        self.stage.heard()
        return person

    @rule(person=people, name=NAMES)
    def gives_a_name(self, person: Person, name: str) -> None:
        person.says(SetUsername(name))
        self.names[person] = name
        self.expect((person, UsernameSet(name)))

    @rule(person=people)
    def creates(self, person: Person) -> None:
        person.says(CreateRoom())
        if not self.is_refused_a_seat(person):
            (heard,) = self.stage.transcript
            code = heard[1].room_code
            assert not self.members(code)
            self.expect((person, RoomCreated(code)))
            self.room_of[person] = code
            self.codes.append(code)

    @rule(person=people, data=st.data())
    def joins(self, person: Person, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from([*self.codes, "NOSUCH"]))
        person.says(JoinRoom(code.lower()))
        if self.is_refused_a_seat(person):
            return
        members = self.members(code)
        if not members:
            self.expect((person, refusals.room_not_found(code)))
        elif len(members) == 2:
            self.expect((person, refusals.ROOM_FULL))
        else:
            self.room_of[person] = code
            self.expect(
                (person, RoomJoined(code, self.names[members[0]])),
                (members[0], PartnerJoined(self.names[person])),
            )

    @rule(person=people, content=st.text(max_size=3))
    def says(self, person: Person, content: str) -> None:
        person.says(Chat(content))
        if not self.is_refused_to_talk(person):
            stopped = self.told(person, PartnerStopTyping()) if person in self.typing else []
            self.typing.discard(person)
            said = self.told(person, Said(self.names[person], content))
            self.expect(*stopped, *(said or [(person, refusals.NO_PARTNER)]))

    @rule(person=people)
    def types(self, person: Person) -> None:
        person.says(Typing())
        if not self.is_refused_to_talk(person):
            is_new = person not in self.typing
            self.typing.add(person)
            self.expect(*(self.told(person, PartnerTyping()) if is_new else []))

    @rule(person=people)
    def stops_typing(self, person: Person) -> None:
        person.says(StopTyping())
        was_typing = person in self.typing
        self.typing.discard(person)
        self.expect(*(self.told(person, PartnerStopTyping()) if was_typing else []))

    @rule(person=people)
    def leaves(self, person: Person) -> None:
        person.says(LeaveRoom())
        if not self.is_refused_to_talk(person):
            self.expect(*self.takes_leave(person))

    @rule(person=consumes(people))
    def vanishes(self, person: Person) -> None:
        told = self.takes_leave(person)
        person.goes()
        self.here.remove(person)
        self.names.pop(person, None)
        self.stalled.discard(person)
        self.expect(*told)

    @rule(person=people, message=st.sampled_from(["reject", "receive_binary"]))
    def says_nonsense(self, person: Person, message: str) -> None:
        getattr(person.session, message)("nonsense")
        ((listener, _error),) = self.stage.heard()
        assert listener == person.name

    @rule(person=people)
    def stops_reading(self, person: Person) -> None:
        self.stalled.add(person)
        person.stalls()

    @rule(person=people)
    def reads_again(self, person: Person) -> None:
        self.stalled.discard(person)
        person.drains()

    @invariant()
    def nobody_is_told_anything_that_is_not_expected(self) -> None:
        assert self.stage.transcript == []

    @invariant()
    def the_rooms_are_those_that_have_people_and_none_has_three(self) -> None:
        seated: dict[str, int] = {}
        for code in self.room_of.values():
            seated[code] = seated.get(code, 0) + 1
        assert all(count <= 2 for count in seated.values())
        taken = {
            code: sum(not seat.is_free for seat in room.seats)
            for code, room in self.stage.lobby.rooms.items()
        }
        assert taken == seated

    @invariant()
    def the_tally_counts_the_rooms_as_they_are(self) -> None:
        assert counted_rooms(self.stage.lobby) == standing_rooms(self.stage.lobby)

    @invariant()
    def who_is_held_has_a_reason(self) -> None:
        for person in self.here:
            reasons = {person, self.partner(person)} & self.stalled
            assert person.is_held is bool(reasons)

    @invariant()
    def nothing_is_kept_of_who_is_gone(self) -> None:
        lobby = self.stage.lobby
        assert set(lobby.sessions) == {person.session for person in self.here}
        assert lobby.stalled == {person.session for person in self.stalled}
        if not self.here:
            assert lobby.rooms == {}


TestTwoInARoom = TwoInARoom.TestCase
TestTwoInARoom.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)


class TypingIsBalanced(RuleBasedStateMachine):
    """What a partner is shown: it starts, it stops, and never either twice in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.alice, self.bob = self.stage.seat("Alice", "Bob")
        self.is_shown = False

    @rule(message=st.sampled_from([Typing(), StopTyping(), Chat("hi")]))
    def alice_says(self, message: ClientMessage) -> None:
        self.alice.says(message)
        for name, heard in self.stage.heard():
            assert name == "Bob"
            if isinstance(heard, PartnerTyping | PartnerStopTyping):
                assert self.is_shown is isinstance(heard, PartnerStopTyping)
                self.is_shown = not self.is_shown
        if not isinstance(message, Typing):
            assert not self.is_shown


TestTypingIsBalanced = TypingIsBalanced.TestCase
