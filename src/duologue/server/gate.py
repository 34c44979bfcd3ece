"""What a request must pass before it is answered, and whom it counts for.

The rules themselves are in `origin` and `forwarded`; here they meet the
settings and the connection that a request came by.
"""

from enum import StrEnum
from typing import NamedTuple

from duologue.config import Address, Settings, parse_address
from duologue.core.admission import Admission
from duologue.core.line import Source
from duologue.server import forwarded, origin
from duologue.server.log import log
from duologue.server.site import Headers, Response, Upgrade, in_words
from duologue.server.source import ip_of, source_of, source_of_ip
from duologue.trust import parse_origins, parse_proxies


class Refusal(StrEnum):
    """Why a request was refused."""

    HOST = "host"
    ORIGIN = "origin"


class Peer(NamedTuple):
    """Who is at the other end of a TCP connection.

    Attributes:
        source: Where it is.
        is_near: Whether it is on this machine, as far as its address says.
        is_proxy: Whether it is a trusted proxy, who speaks for others.
        is_guarded: Whether it must ask for a name of this machine.
    """

    source: Source
    is_near: bool
    is_proxy: bool
    is_guarded: bool


class Visit(NamedTuple):
    """Who sends a request, to whom: what its peer is believed.

    Attributes:
        source: Where it comes from, whatever proxies it came through.
        host: The host that it is for, as its sender knows it; None if HTTP/1.0 doesn't say.
        page: The origin of the page that sends it; None if no page does.
        is_guarded: Whether that host must be a name of this machine.
        is_operator: Whether it comes from this machine, for this machine, and no proxy
            speaks for somebody else.
    """

    source: Source
    host: str | None
    page: str | None
    is_guarded: bool
    is_operator: bool = False


_STRANGE_HOST = in_words(
    421,
    "This server answers under names of its own machine only, such as localhost. "
    "To change that, start it with --trust-proxy (behind a proxy) or --allow-origin.",
)
_STRANGE_PAGE = in_words(
    403,
    "Pages of this origin may not connect here. "
    "To change that, start the server with --allow-origin.",
)


_UNTRUSTED = (
    "X-Forwarded-For or Forwarded came from who is no trusted proxy, and is not believed; "
    "if it is your proxy, name it with --trust-proxy (this is said once)"
)
_CONTRADICTORY = (
    "Forwarded and X-Forwarded-For name different clients, and neither is believed; "
    "let your proxy clear the one that it does not set (this is said once)"
)


class Gate:
    """Which requests a server takes, and from whom.

    Args:
        settings: Whom to trust.
        admission: How many there may be.

    Attributes:
        admission: Counts connections, before and after they become chat.
        refused: How many requests were refused, by reason.
    """

    def __init__(self, settings: Settings, admission: Admission) -> None:
        self.admission = admission
        address = parse_address(settings.address)
        self._own_host = address.host if isinstance(address, Address) else ""
        self._origins = parse_origins(settings.allow_origin)
        self._proxies = parse_proxies(settings.trust_proxy)
        self._guarded: set[tuple[str, int]] = set()
        self._warned: set[str] = set()
        self.refused = dict.fromkeys(Refusal, 0)

    def guard(self, sockname: object) -> None:
        """Take note of where the server listens: on loopback, each request's Host is checked.

        Args:
            sockname: The listening socket's own address.
        """
        if isinstance(sockname, tuple) and origin.is_loopback(str(sockname[0])):
            self._guarded.add(sockname[:2])

    def meet(self, peername: object, sockname: object) -> Peer:
        """Say who is at the other end of a new connection.

        Args:
            peername: The transport's.
            sockname: The transport's, too: by which door it came.
        """
        address = ip_of(peername)
        here = sockname[:2] if isinstance(sockname, tuple) else None
        # Who has hung up already has no address either, and is no Unix socket's peer.
        is_proxy = (address is not None or here is None) and self._proxies.trust(address)
        is_guarded = not is_proxy and here in self._guarded
        is_near = address is not None and address.is_loopback
        return Peer(source_of(peername), is_near, is_proxy, is_guarded)

    def visit(self, peer: Peer, headers: Headers) -> Visit:
        """Say who sends a request. On one connection of a proxy they may be many."""
        host = _value(headers, b"host")
        page = _value(headers, b"origin")
        if not peer.is_proxy:
            is_passed_on = any(name in forwarded.NAMES for name, _ in headers)
            if is_passed_on:
                self._warn_once(_UNTRUSTED)
            may_be_operator = peer.is_near and not is_passed_on
            is_operator = may_be_operator and origin.is_of_loopback(host or "")
            return Visit(peer.source, host, page, peer.is_guarded, is_operator)
        account = forwarded.read(headers, self._proxies)
        if account.is_contradictory:
            self._warn_once(_CONTRADICTORY)
        client = account.client
        source = peer.source if client is None else source_of_ip(client)
        return Visit(source, account.host or host, page, peer.is_guarded)

    def judge(self, outcome: Response | Upgrade, visit: Visit) -> Response | Upgrade:
        """Return what a request gets: what it would get, or a refusal."""
        if visit.is_guarded and not self._is_for_this_machine(visit.host):
            return self._refuse(Refusal.HOST, _STRANGE_HOST)
        if isinstance(outcome, Upgrade) and not origin.may_connect(
            visit.page, visit.host or "", self._origins
        ):
            return self._refuse(Refusal.ORIGIN, _STRANGE_PAGE)
        return outcome

    def _is_for_this_machine(self, host: str | None) -> bool:
        return host is None or origin.is_name_of_this_machine(
            host, self._own_host, self._origins
        )

    def _refuse(self, reason: Refusal, response: Response) -> Response:
        self.refused[reason] += 1
        log.debug("refused a request for its %s", reason)
        return response

    def _warn_once(self, words: str) -> None:
        if words not in self._warned:
            self._warned.add(words)
            log.warning(words)


def _value(headers: Headers, name: bytes) -> str | None:
    """Return what a header says; one that comes twice says nothing that could be right."""
    values = [value.decode("latin-1") for each, value in headers if each == name]
    return ", ".join(values) if values else None
