from duologue.core.line import NOBODY
from duologue.wire.close import CloseCode
from duologue.wire.messages import PartnerLeft


def test_nobody_can_be_told_anything_and_nothing_comes_of_it() -> None:
    NOBODY.send(PartnerLeft())
    NOBODY.ping()
    NOBODY.hold(True)
    NOBODY.close(CloseCode.NORMAL)
    assert (NOBODY.is_held, NOBODY.is_stalled) == (False, False)
