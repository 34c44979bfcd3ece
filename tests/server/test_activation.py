"""Sockets that are handed to a process as sd_listen_fds(3) says."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence

PRINTS_WHAT_IT_GOT = """
import os
from duologue.errors import ListenError
from duologue.server.activation import inherited
try:
    taken = inherited()
    found = [(one.fileno(), one.getsockname(), one.get_inheritable()) for one in taken]
except ListenError as error:
    found = str(error)
print(found, sorted(name for name in os.environ if name.startswith("LISTEN_")), end="")
"""


def handed(
    descriptors: Sequence[int], *, pid: str = "$$", count: str = "", names: str = ""
) -> str:
    """Start a process with these as its descriptors from 3 on; return what it says."""
    # dup2 onto themselves would keep them closed on exec, so all go far away first.
    moves = "".join(f"{20 + at}<&{fd} " for at, fd in enumerate(descriptors))
    moves += "".join(f"{3 + at}<&{20 + at} " for at in range(len(descriptors)))
    script = f'export LISTEN_PID={pid}; exec "$0" -c "$1" {moves}'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, PRINTS_WHAT_IT_GOT],
        pass_fds=descriptors,
        env={
            **os.environ,
            "LISTEN_FDS": count or str(len(descriptors)),
            "LISTEN_FDNAMES": names,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_sockets_that_were_handed_over_are_used_and_not_passed_on() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        assert handed([one.fileno(), other.fileno()]) == (
            f"[(3, {one.getsockname()}, False), (4, {other.getsockname()}, False)] []"
        )


def test_what_was_meant_for_another_process_is_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for options in ({"pid": "1"}, {"count": "0"}, {"count": "many"}, {"pid": '""'}):
            assert handed([listening.fileno()], **options) == "[] []"


def test_what_is_no_listening_socket_is_named_in_one_line() -> None:
    reading, writing = os.pipe()
    with socket.socket() as deaf, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        assert handed([deaf.fileno()], names="chat") == (
            "cannot listen on descriptor 3 (chat): it is not a stream socket that listens []"
        )
        assert "descriptor 3: it is not a stream" in handed([datagrams.fileno()])
        assert "descriptor 3: Socket operation on non-socket" in handed([reading])
        assert "descriptor 3: Bad file descriptor" in handed([], count="1")
    os.close(reading)
    os.close(writing)
