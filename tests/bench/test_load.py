from typing import Any

import pytest

from duologue.bench.load import Load
from duologue.errors import SettingsError


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"pairs": 0}, "pairs: must be 1 to 100000, not 0"),
        ({"protocol": "v2"}, "protocol: 'v2' is none of v1, reference"),
        ({"in_flight": 1001}, "in_flight: must be 1 to 1000, not 1001"),
        ({"payload_bytes": 3}, "payload_bytes: must be 4 to 1048576, not 3"),
        ({"idle": -1}, "idle: must be 0 to 1000000, not -1"),
        ({"seconds": 0.0}, "seconds: must be 0.1 to 3600, not 0.0"),
        ({"seconds": float("nan")}, "seconds: must be 0.1 to 3600, not nan"),
        ({"ramp_up_s": -1.0}, "ramp_up_s: must be 0 to 3600, not -1.0"),
        ({"rate": -1.0}, "rate: must be 0 to 1e+07, not -1.0"),
        (
            {"in_flight": 251},
            "in_flight: in v1 at most 250, and 262144 bytes of content together",
        ),
        (
            {"in_flight": 17, "payload_bytes": 16_384},
            "in_flight: in v1 at most 250, and 262144 bytes of content together",
        ),
        ({"pid": 0}, "pid: must be the number of a process, not 0"),
        (
            {"rate": 9.0, "in_flight": 2},
            "rate: with a rate, nothing can be said about in_flight",
        ),
        (
            {"drop_every_s": 9.0, "protocol": "reference"},
            "drop_every_s: only clients of v1 come back to their seats",
        ),
        ({"drop_every_s": 9.0, "idle": 1}, "drop_every_s: not beside idle connections"),
    ],
)
def test_what_cannot_work_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Load("127.0.0.1:8080", **options)
    assert str(caught.value) == reason


def test_the_defaults_work() -> None:
    load = Load("127.0.0.1:8080")
    assert (load.pairs, load.protocol, load.rate) == (100, "v1", 0.0)
