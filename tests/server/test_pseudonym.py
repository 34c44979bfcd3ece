import itertools
import re

from duologue.core.line import Source
from duologue.server.pseudonym import Pseudonyms

HOME, WORK = Source("192.0.2.7"), Source("2001:db8::/64")
DAY_S = 86400


class Noon:
    """A clock that stands still until it is set."""

    now = DAY_S * 20_000.5

    def __call__(self) -> float:
        return self.now


def salts(count: int) -> bytes:
    return bytes([next(numbers)]) * count


numbers = itertools.count()


def test_a_source_has_one_name_all_day_and_no_other_has_the_same() -> None:
    clock = Noon()
    pseudonyms = Pseudonyms("hashed", clock, salts)
    names = [pseudonyms.name(HOME)]
    clock.now += DAY_S / 2 - 1
    names += [pseudonyms.name(HOME), pseudonyms.name(WORK)]
    assert names[0] == names[1] != names[2]
    assert all(re.fullmatch(r"[0-9a-f]{10}", str(name)) for name in names)


def test_at_midnight_in_utc_every_name_changes() -> None:
    clock = Noon()
    pseudonyms = Pseudonyms("hashed", clock, salts)
    before = pseudonyms.name(HOME)
    clock.now += DAY_S / 2
    assert pseudonyms.name(HOME) != before


def test_no_two_servers_use_the_same_names() -> None:
    assert Pseudonyms("hashed").name(HOME) != Pseudonyms("hashed").name(HOME)


def test_an_operator_may_want_addresses_or_none() -> None:
    assert Pseudonyms("plain").name(HOME) == "192.0.2.7"
    assert Pseudonyms("none").name(HOME) is None
