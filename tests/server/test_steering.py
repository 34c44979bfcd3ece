"""Sending new connections to the newer of two sockets at one port."""

import socket

from duologue.config import Address
from duologue.server.sockets import open_sockets
from duologue.server.steering import steer_to_successor


def queue_of(listening: socket.socket) -> int:
    """Take all that waits, and say how many they were."""
    count = 0
    while True:
        try:
            connection, _ = listening.accept()
        except BlockingIOError:
            return count
        connection.close()
        count += 1


def knock(port: int) -> None:
    for _ in range(30):
        socket.create_connection(("127.0.0.1", port)).close()


def test_the_newer_one_gets_all_of_them_and_so_it_goes_on() -> None:
    (first,) = open_sockets(Address("127.0.0.1", 0), shares_port=True)
    port = first.getsockname()[1]
    for _ in range(3):
        (second,) = open_sockets(Address("127.0.0.1", port), shares_port=True)
        assert steer_to_successor(first)
        knock(port)
        assert (queue_of(first), queue_of(second)) == (0, 30)
        first.close()
        first = second
        knock(port)
        assert queue_of(first) == 30
    first.close()


def test_without_a_newer_one_it_keeps_them() -> None:
    (alone,) = open_sockets(Address("127.0.0.1", 0), shares_port=True)
    assert steer_to_successor(alone)
    knock(alone.getsockname()[1])
    assert queue_of(alone) == 30
    alone.close()


def test_a_system_that_cannot_do_it_says_so() -> None:
    with socket.socket(socket.AF_UNIX) as pathless:
        assert not steer_to_successor(pathless)
