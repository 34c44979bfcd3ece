"""Sends new connections to the process that takes over a port.

Of the sockets that share a port (SO_REUSEPORT) Linux chooses one for each new
connection, by chance or by a program for its packet filter. Without one, the
half of those that came during an upgrade would go to the server that leaves.
"""

import socket
import struct
from array import array

_SO_ATTACH_REUSEPORT_CBPF = 51  # linux/asm-generic/socket.h
_RETURN = 0x06  # BPF_RET | BPF_K, linux/filter.h
_SECOND = 1


def steer_to_successor(listening: socket.socket) -> bool:
    """Let whoever began to listen after this socket have all connections from now on.

    While there is no such one, this socket gets them still. Connections whose
    handshake has begun come here.

    Returns:
        Whether this system can do so.
    """
    # The program is one instruction: the second socket, by age. If there is no
    # second, the kernel chooses as if there were no program.
    program = array("B", struct.pack("HBBI", _RETURN, 0, 0, _SECOND))
    try:
        listening.setsockopt(
            socket.SOL_SOCKET,
            _SO_ATTACH_REUSEPORT_CBPF,
            struct.pack("HL", 1, program.buffer_info()[0]),
        )
    except OSError:
        return False
    return True
