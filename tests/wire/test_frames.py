import pytest

from duologue.wire.frames import (
    PING,
    TEXT_HEADERS,
    Opcode,
    close_frame,
    ends_with_close,
    header,
    pong_frame,
)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65535, "817effff"),
        (65536, "817f0000000000010000"),
    ],
)
def test_a_header_takes_the_shortest_form_that_fits(size: int, expected: str) -> None:
    assert header(Opcode.TEXT, size).hex() == expected
    assert TEXT_HEADERS[size].hex() == expected


def test_headers_of_short_texts_alone_are_remembered() -> None:
    sizes = [70, 70, 4096, 4097, 100_000]
    assert [TEXT_HEADERS[size] for size in sizes] == [header(Opcode.TEXT, n) for n in sizes]
    assert 4096 in TEXT_HEADERS
    assert {4097, 100_000}.isdisjoint(TEXT_HEADERS)


def test_control_frames() -> None:
    assert PING.hex() == "8900"
    assert pong_frame(b"ab").hex() == "8a026162"
    assert close_frame(1000).hex() == "880203e8"
    assert close_frame(None).hex() == "8800"


@pytest.mark.parametrize("reason", [b"", b"x", b"x" * 123])
def test_what_ends_with_a_close_is_seen_whatever_comes_before(reason: bytes) -> None:
    mask, code = b"abcd", b"\x03\xe8"
    goodbye = bytes((0x88, 0x80 | len(code + reason))) + mask + code + reason
    assert ends_with_close(goodbye)
    assert ends_with_close(b"\x81\x85abcdHello" + goodbye)
    assert ends_with_close(b"\x88\x80abcd")
    assert not ends_with_close(goodbye[:-1])
    assert not ends_with_close(b"\x81\x85abcdHello")
    assert not ends_with_close(b"")
