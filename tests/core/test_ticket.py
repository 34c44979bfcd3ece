"""Tickets: sealed and opened again, and everything that is none of ours refused."""

import base64
import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.core.ticket import NO_TICKETS, Seating, Tickets

LIFE_S = 100.0
LIFE_MS = 100_000
SEATING = Seating(
    code="ABC123",
    room_id=bytes(range(16)),
    place=1,
    pairing=3,
    client_id="cee8ed26-34a0-4c3b-8a29-f10a4bb2f2d8",
    username="Zoë",
    partner_id=NO_TICKETS,
    partner="Bob",
    issued_at=1_000,
)


def tickets(*secrets: str) -> Tickets:
    """Make a sealer whose nonces are 1, 2, 3 …"""
    counter = itertools.count(1)
    return Tickets(secrets, lambda count: next(counter).to_bytes(count, "big"), LIFE_S)


OURS = tickets("our secret")
TICKET = OURS.seal(SEATING)


def to_text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def to_bytes(ticket: str) -> bytes:
    return base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))


def test_a_ticket_opens_to_what_was_sealed() -> None:
    assert OURS.open(TICKET, now_ms=1_000) == SEATING


@given(
    username=st.text(min_size=1, max_size=64),
    partner=st.none() | st.text(max_size=64),
    pairing=st.integers(0, 2**53),
)
def test_any_seating_opens_to_what_was_sealed(
    username: str, partner: str | None, pairing: int
) -> None:
    seating = msgspec.structs.replace(
        SEATING, username=username, partner=partner, pairing=pairing
    )
    assert OURS.open(OURS.seal(seating), now_ms=1_000) == seating


def test_no_two_tickets_are_the_same() -> None:
    assert OURS.seal(SEATING) != OURS.seal(SEATING)


def test_a_ticket_shows_nothing_of_what_it_says() -> None:
    sealed = to_bytes(TICKET)
    assert not [
        word
        for word in ("ABC123", "Bob", "Zoë", SEATING.client_id)
        if word.encode() in sealed or word in TICKET
    ]


def test_a_ticket_is_one_word_of_url_safe_letters() -> None:
    letters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert set(TICKET) <= letters


@pytest.mark.parametrize(
    ("after_ms", "is_good"),
    [(-5_000, True), (0, True), (LIFE_MS - 1, True), (LIFE_MS, False), (10**12, False)],
)
def test_a_ticket_is_good_for_its_life(after_ms: int, is_good: bool) -> None:
    assert (OURS.open(TICKET, SEATING.issued_at + after_ms) is not None) is is_good


def test_a_ticket_with_any_bit_changed_is_refused() -> None:
    sealed = to_bytes(TICKET)
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        assert OURS.open(to_text(bytes(changed)), 1_000) is None, bit


def test_a_ticket_with_any_letter_changed_is_refused() -> None:
    for at, letter in enumerate(TICKET):
        changed = TICKET[:at] + ("A" if letter != "A" else "B") + TICKET[at + 1 :]
        assert OURS.open(changed, 1_000) is None, at


def test_a_ticket_cut_short_at_any_length_is_refused() -> None:
    sealed = to_bytes(TICKET)
    for length in range(len(TICKET)):
        assert OURS.open(TICKET[:length], 1_000) is None, length
        assert OURS.open(TICKET[length + 1 :], 1_000) is None, length
    for length in range(len(sealed)):
        assert OURS.open(to_text(sealed[:length]), 1_000) is None, length


@pytest.mark.parametrize("more", ["A", "AA", "AAA", "AAAA", "=", "==", " ", "\n", "é", "\0"])
def test_a_ticket_with_more_to_it_is_refused(more: str) -> None:
    assert [OURS.open(text, 1_000) for text in (TICKET + more, more + TICKET)] == [None, None]


@pytest.mark.parametrize("size", range(3))
def test_a_ticket_in_any_other_spelling_is_refused(size: int) -> None:
    seating = msgspec.structs.replace(SEATING, username="x" * size)
    ticket = next(
        ticket
        for ticket in (OURS.seal(seating) for _ in range(1000))
        if "-" in ticket and "_" in ticket
    )
    padded = base64.urlsafe_b64encode(to_bytes(ticket)).decode()
    spellings = [
        ticket.replace("-", "+").replace("_", "/"),
        ticket.replace("-", "+"),
        padded if padded != ticket else ticket + "====",
        ticket[:8] + "\n" + ticket[8:],
        ticket[:8] + "." + ticket[8:],
        ticket.swapcase(),
    ]
    assert OURS.open(ticket, 1_000) == seating
    assert [OURS.open(spelling, 1_000) for spelling in spellings] == [None] * 6


@pytest.mark.parametrize("size", range(3))
def test_letters_whose_last_bits_do_not_count_have_one_spelling(size: int) -> None:
    seating = msgspec.structs.replace(SEATING, username="x" * size)
    ticket = OURS.seal(seating)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    opened = [last for last in alphabet if OURS.open(ticket[:-1] + last, 1_000) is not None]
    assert opened == [ticket[-1]]


@pytest.mark.parametrize("text", ["", "A", "ticket", "🎫", "\ud800", "A" * 16_384, "A" * 10**6])
def test_what_was_never_a_ticket_is_refused(text: str) -> None:
    assert OURS.open(text, 1_000) is None


def test_a_ticket_of_another_secret_is_refused() -> None:
    assert tickets("their secret").open(TICKET, 1_000) is None


def test_after_a_rotation_the_newest_secret_seals_and_all_open() -> None:
    old, new = tickets("old secret"), tickets("new secret")
    both = tickets("new secret", "old secret")
    assert both.open(old.seal(SEATING), 1_000) == SEATING
    assert new.open(both.seal(SEATING), 1_000) == SEATING
    assert old.open(both.seal(SEATING), 1_000) is None
    assert new.open(old.seal(SEATING), 1_000) is None


def test_any_servers_with_the_same_secret_honour_each_others_tickets() -> None:
    assert tickets("our secret").open(TICKET, 1_000) == SEATING
