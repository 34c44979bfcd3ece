"""What operators and their machines ask: health, readiness and metrics.

They may have an address that is theirs alone, where no chat is to be had.
"""

from collections.abc import Callable
from dataclasses import replace

from duologue.config import Address, Settings, UnixAddress
from duologue.core.admission import Admission
from duologue.core.limits import UNLIMITED
from duologue.server.carrier import Linger
from duologue.server.door import Door, Hall
from duologue.server.gate import Gate, Visit
from duologue.server.listening import Listening
from duologue.server.log import facts, log
from duologue.server.protection import PROTECTED
from duologue.server.site import NOT_ALLOWED, NOT_FOUND, READING, Request, Response, health

METRICS = b"/metrics"

Render = Callable[[str], tuple[str, bytes]]


def metrics(request: Request, render: Render) -> Response:
    """Answer a request for metrics, in the format that suits its Accept header."""
    if request.method not in READING:
        return NOT_ALLOWED
    kind, body = render(request.fields.get(b"accept", b"").decode("latin-1"))
    what = (("Content-Type", kind), ("Content-Length", str(len(body))))
    return Response(200, (*what, *PROTECTED, ("Cache-Control", "no-store")), body)


class Ops:
    """Serves plain HTTP beside the chat, until it is closed.

    Args:
        address: Where.
        settings: Under which names, and how patiently.
        render: Makes the metrics, in the format that suits an Accept header.
        is_ready: Says whether newcomers are welcome at the chat.

    Raises:
        ListenError: The address is in use, or is none of this machine's.
    """

    def __init__(
        self, address: str, settings: Settings, render: Render, is_ready: Callable[[], bool]
    ) -> None:
        self._render = render
        self._is_ready = is_ready
        here = replace(settings, address=address)
        self._listening = Listening(here, None, lambda: Door(self._hall))
        self.address: Address | UnixAddress = self._listening.address
        gate = Gate(here, Admission(UNLIMITED, lambda _source: False))
        for sockname in self._listening.names:
            gate.guard(sockname)
        # With a tally of its own: what operators ask is not what strangers do.
        timeout_s = settings.handshake_timeout_s
        self._hall = Hall(accept=_never, answer=self._answer, gate=gate, timeout_s=timeout_s)

    async def start(self) -> None:
        """Serve whoever connects."""
        await self._listening.start()
        log.info(
            "metrics on %s",
            self._listening,
            extra=facts(event="ops_listening", address=str(self._listening)),
        )

    def drain(self) -> None:
        """Let a successor be asked, if there is one."""
        self._hall.is_draining = True
        self._listening.steer()

    def close(self) -> None:
        """Stop at once."""
        self._listening.stop()
        everyone: list[Door | Linger] = [*self._hall.doors, *self._hall.lingering]
        for connection in everyone:
            connection.abort()

    def _answer(self, request: Request, _visit: Visit) -> Response:
        if request.path == METRICS:
            return metrics(request, self._render)
        if request.method not in READING:
            return NOT_ALLOWED
        return health(request.path, is_ready=self._is_ready()) or NOT_FOUND


def _never(*_handed_over: object) -> None:
    raise AssertionError("no handshake is ever in order here")
