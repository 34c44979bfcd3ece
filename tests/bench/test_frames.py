import pytest

from duologue.bench.frames import Frame, FrameError, masked, plain, split
from duologue.wire.frames import Opcode


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_what_a_server_writes_is_read(size: int) -> None:
    raw = plain(b"x" * size)
    assert split(raw) == ([Frame(Opcode.TEXT, b"x" * size, raw)], b"")


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65_536])
def test_what_a_client_writes_is_masked(size: int) -> None:
    payload = bytes(range(256)) * 256 + b"!"
    payload = payload[:size]
    raw = masked(payload)
    head = len(raw) - size - 4
    assert raw[0] == 0x81
    assert raw[1] & 0x80
    key = raw[head : head + 4]
    undone = bytes(byte ^ key[i % 4] for i, byte in enumerate(raw[head + 4 :]))
    assert undone == payload


def test_the_example_of_the_rfc() -> None:
    assert plain(b"Hello") == bytes.fromhex("810548656c6c6f")


@pytest.mark.parametrize("cut", [0, 1, 3, 7])
def test_what_is_not_whole_yet_is_left(cut: int) -> None:
    first, second = plain(b"Hello"), plain(b"y" * 300)
    frames, rest = split(first + second[:cut])
    assert [frame.payload for frame in frames] == [b"Hello"]
    assert rest == second[:cut]


def test_a_fragment_is_refused() -> None:
    with pytest.raises(FrameError):
        split(b"\x01\x02hi")


def test_a_pong_carries_what_the_ping_did() -> None:
    assert masked(b"", Opcode.PONG)[:2] == bytes((0x8A, 0x80))
