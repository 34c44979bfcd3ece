"""How people come back to their seats: after a drop, and after the server's end.

What a room is, its two people know (see `ticket`). A server that has never
heard of a room rebuilds it from the ticket of whoever comes first, and holds
the other seat for its owner. What the two then say settles the rest.
"""

from duologue.core.house import House
from duologue.core.line import NOBODY, Line, Source
from duologue.core.room import PARTNER_LEFT, Room
from duologue.core.seat import DELIVERED, PARTNER_READ, Seat
from duologue.core.ticket import NO_TICKETS, Seating
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.codes import RoomCode

_FROM_THE_START = v1.Resume("", received=0, read=0, delivered=0)


def rebuild(house: House, ticket: Seating, source: Source) -> Room:
    """Make a room again as a ticket knows it, with the seats held for their owners."""
    room = Room(house, RoomCode(ticket.code), ticket.room_id, source)
    _reseat(room, ticket)
    return room


def resume(room: Room, ticket: Seating, claim: v1.Resume, line: Line) -> Seat | None:
    """Give someone their seat back; None if it is no longer theirs.

    Args:
        room: The room that the ticket names.
        ticket: What they have shown.
        claim: How far they know that chats have come, in the ticket's pairing.
        line: Where they are now.
    """
    seat = room.seats[ticket.place]
    had_partner = seat.out is not None
    is_new_pair = ticket.pairing > room.pairing or _is_over(room, ticket)
    if is_new_pair:
        _reseat(room, ticket)
    if seat.client_id != ticket.client_id:
        return None
    if ticket.pairing == room.pairing:
        if _is_another_pair(seat, ticket):
            is_new_pair = True
            room.pair(room.pairing + 1)
        elif _is_outdated(seat, claim):
            return None
        else:
            _reconcile(room, seat, claim)
    was_away = _sit_down(room, seat, line)
    if is_new_pair:
        if had_partner:
            seat.partner.line.send(PARTNER_LEFT)
        room.tell_joined(seat.partner)
    elif was_away:
        _tell_back(seat)
    return seat


def reclaim(room: Room, client_id: str, line: Line) -> Seat | None:
    """Give a seat to who took it before, but never heard of it; None if nobody did."""
    for seat in room.seats:
        if seat.client_id == client_id and not _is_outdated(seat, _FROM_THE_START):
            _reconcile(room, seat, _FROM_THE_START)
            if _sit_down(room, seat, line):
                _tell_back(seat)
            return seat
    return None


def _reseat(room: Room, ticket: Seating) -> None:
    """Hold the seats for those who sit there by a ticket newer than all we know."""
    owner = room.seats[ticket.place]
    _hold(owner, ticket.client_id, ticket.username)
    if ticket.partner_id is None or ticket.partner_id == NO_TICKETS:
        _vacate(owner.partner)
    else:
        _hold(owner.partner, ticket.partner_id, ticket.partner or "")
    room.pair(ticket.pairing)
    room.is_retold = True
    for seat in room.seats:
        seat.is_known = seat.line is not NOBODY


def _hold(seat: Seat, client_id: str, username: str) -> None:
    """Keep a seat for its owner, unless it is the one who sits there."""
    if seat.client_id != client_id:
        _vacate(seat)
        seat.take(NOBODY, username, client_id)
        house = seat.room.house
        seat.release_at = house.now + house.limits.ticket_life_s


def _vacate(seat: Seat) -> None:
    """Free a seat; who sits there by an older ticket has lost it."""
    if seat.client_id is not None:
        seat.room.house.refuse(seat.line, refusals.TICKET_REFUSED)
    seat.line.close(CloseCode.REPLACED)
    seat.free()


def _is_over(room: Room, ticket: Seating) -> bool:
    """Say whether a ticket tells of the end of a pairing, of which others tell still."""
    is_same = room.is_retold and ticket.pairing == room.pairing
    return is_same and ticket.partner_id is None


def _is_another_pair(seat: Seat, ticket: Seating) -> bool:
    """Say whether someone sits opposite whom the ticket does not mean.

    Two servers may each have made a pairing of the same number: the second
    knew the room from the ticket of someone who had been gone for long.
    """
    return seat.partner.holder not in (None, ticket.partner_id)


def _is_outdated(seat: Seat, claim: v1.Resume) -> bool:
    """Say whether this program lacks chats that one with the same ticket has received.

    They are forgotten here, so what follows them would leave it with a gap.
    """
    incoming = seat.partner.out
    return incoming is not None and claim.received < incoming.delivered


def _reconcile(room: Room, seat: Seat, claim: v1.Resume) -> None:
    """Settle how far the chats have come, by what the one who comes back knows."""
    partner, outgoing, incoming = seat.partner, seat.out, seat.partner.out
    if outgoing is None or incoming is None:
        return
    outgoing.start_over()
    delivered = incoming.delivered
    if seat.is_known:
        incoming.confirm(claim.received)
    else:
        outgoing.learn(claim.delivered)
        incoming.learn(claim.received)
    if incoming.delivered > delivered:
        partner.owe(DELIVERED)
        room.catch_up(partner, incoming)
    if incoming.see(claim.read):
        partner.owe(PARTNER_READ)


def _sit_down(room: Room, seat: Seat, line: Line) -> bool:
    """Seat someone at a new line, tell them all they missed; say if they were away."""
    was_away = seat.is_away
    seat.line.close(CloseCode.REPLACED)
    seat.line = line
    seat.owed = 0
    seat.is_known = True
    partner, outgoing, incoming = seat.partner, seat.out, seat.partner.out
    resumed = v1.Resumed(
        client_id=seat.client_id or NO_TICKETS,
        room_code=room.code,
        ticket=room.ticket_for(seat),
        pairing=room.pairing,
        partner=None if partner.is_free else partner.username,
        partner_here=partner.line is not NOBODY,
        accepted=0 if outgoing is None else outgoing.accepted,
        delivered=seat.final_delivered if outgoing is None else outgoing.delivered,
        partner_read=0 if outgoing is None else outgoing.read,
    )
    line.send(resumed)
    for said in () if incoming is None else incoming.waiting:
        line.send(said)
    room.house.count_heads(room)  # One who was alone and away for long was not counted.
    room.note_absence()
    room.balance()
    return was_away


def _tell_back(seat: Seat) -> None:
    """Tell a v1 partner that its partner is back, and where to go on."""
    partner = seat.partner
    if partner.client_id is not None and partner.out is not None:
        partner.line.send(v1.PartnerBack(partner.out.accepted))
