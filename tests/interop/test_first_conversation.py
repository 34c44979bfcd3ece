"""Two people meet and talk, each with a client from another house."""

from uuid import UUID

import pytest

from tests.interop.person import Connect, Person

pytestmark = pytest.mark.timeout(900)  # The first may have a browser installed before it.

ALICE = "앨리스 🎭"
BOB = "Боб"
GREETING = '안녕하세요, 밥! 👋🏽 "Nice" to\nmeet you \\ 👩‍👩‍👧'
ANSWER = "Salut ! 반가워요 🇰🇷 — e\u0301 \u2028 مرحبا 𝄞"
NORMAL_CLOSURE = 1000


async def test_two_people_have_a_first_conversation(
    alice_sits_down: Connect, bob_sits_down: Connect
) -> None:
    async with alice_sits_down() as alice, bob_sits_down() as bob:
        await introduce_themselves(alice, bob)
        code = await meet(alice, bob)
        await talk(alice, bob)
        await leave_and_return(alice, bob, code)
        await hang_up(alice, bob)


async def introduce_themselves(alice: Person, bob: Person) -> None:
    assert await is_welcomed(alice) != await is_welcomed(bob)
    for person, username in ((alice, ALICE), (bob, BOB)):
        await person.says({"type": "set_username", "username": username})
        assert await person.hears() == {"type": "username_set", "username": username}


async def is_welcomed(person: Person) -> UUID:
    welcome = await person.hears()
    client_id = UUID(welcome["client_id"])
    assert welcome == {"type": "connected", "client_id": str(client_id)}
    assert client_id.version == 4
    return client_id


async def meet(alice: Person, bob: Person) -> str:
    """Bring the two together, at the second attempt, and return the room's code."""
    await alice.says({"type": "create_room"})
    code: str = (await alice.hears())["room_code"]
    await bob.says({"type": "join_room", "room_code": "nowhere"})
    assert await bob.hears() == {
        "type": "error",
        "code": "room_not_found",
        "message": "Room 'NOWHERE' not found",
    }
    await join(alice, bob, code)
    return code


async def join(alice: Person, bob: Person, code: str) -> None:
    await bob.says({"type": "join_room", "room_code": code.lower()})
    assert await bob.hears() == {"type": "room_joined", "room_code": code, "partner": ALICE}
    assert await alice.hears() == {"type": "partner_joined", "username": BOB}


async def talk(alice: Person, bob: Person) -> None:
    await alice.says({"type": "typing"})
    assert await bob.hears() == {"type": "partner_typing"}
    await alice.says({"type": "stop_typing"})
    assert await bob.hears() == {"type": "partner_stop_typing"}
    await alice.says({"type": "chat", "content": GREETING})
    assert await bob.hears() == {"type": "chat", "from": ALICE, "content": GREETING}

    await bob.says({"type": "typing"})
    assert await alice.hears() == {"type": "partner_typing"}
    await bob.says({"type": "chat", "content": ANSWER})
    assert await alice.hears() == {"type": "partner_stop_typing"}
    assert await alice.hears() == {"type": "chat", "from": BOB, "content": ANSWER}


async def leave_and_return(alice: Person, bob: Person, code: str) -> None:
    await bob.says({"type": "leave_room"})
    assert await alice.hears() == {"type": "partner_left"}
    await bob.says({"type": "chat", "content": ANSWER})
    assert await bob.hears() == {
        "type": "error",
        "code": "not_in_room",
        "message": "You are not in a room",
    }
    await join(alice, bob, code)


async def hang_up(alice: Person, bob: Person) -> None:
    assert await alice.hangs_up() == ([], NORMAL_CLOSURE)
    assert await bob.hears() == {"type": "partner_left"}
    assert await bob.hangs_up() == ([], NORMAL_CLOSURE)
