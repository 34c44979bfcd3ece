"""A target with a fault that only a fuzzer that follows the code will find."""

from collections.abc import Iterable


def seeds() -> Iterable[bytes]:
    yield b"nothing"


def try_one(data: bytes) -> None:
    if (
        len(data) > 3
        and data[0] == ord("D")
        and data[1] == ord("U")
        and data[2] == ord("E")
        and data[3] == ord("T")
    ):
        raise AssertionError("the planted fault")
