"""Something that answers every connection with the same bytes, and is no server of ours."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.support.client import TIMEOUT_S


@contextmanager
def answering(answer: bytes, *, then_close: bool = False) -> Iterator[int]:
    """Answer until the block ends; yield the port."""
    connections: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                connection.recv(1 << 16)
                connection.sendall(answer)
                if then_close:
                    connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                connection.close()
            thread.join(TIMEOUT_S)
