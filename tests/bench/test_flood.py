import socket
from types import SimpleNamespace
from typing import Any

import pytest

from duologue.bench import flood
from duologue.bench.crowd import Pair
from duologue.bench.dialects import DIALECTS
from duologue.bench.flood import Flood
from duologue.bench.frames import masked


def linked(near: socket.socket) -> Any:
    return SimpleNamespace(socket=near, fd=near.fileno(), dialect=DIALECTS["reference"])


def test_it_pours_whole_frames_until_the_socket_is_full_and_goes_on_there() -> None:
    near, far = socket.socketpair()
    with near, far:
        link = linked(near)
        poured = Flood(Pair(link, link), 64)
        before = -1
        while poured.poured_bytes > before:
            before = poured.poured_bytes
            assert poured.pour()
        chat = masked(b'{"type":"chat","content":"%b"}' % (b"y" * 64))
        read = b""
        while len(read) < before:
            read += far.recv(1 << 20)
        assert read == (chat * (before // len(chat) + 1))[:before]
        assert poured.pour()
        assert far.recv(1 << 20).startswith(chat[before % len(chat) :])


def test_it_ends_at_its_limit_or_with_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = socket.socketpair()
    with near, far:
        link = linked(near)
        poured = Flood(Pair(link, link), 64)
        monkeypatch.setattr(flood, "_LIMIT_BYTES", 1)
        assert not poured.pour()
        far.close()
        assert not poured.pour()
