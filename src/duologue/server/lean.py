"""Leaves out of a script what only its readers need: comments and indentation.

It is done on the way, like compression, so that there is no build step. The
only file that imports the library for it.
"""

import rjsmin


def lean(script: bytes) -> bytes:
    """Return a script that does the same in fewer bytes."""
    shorter: str = rjsmin.jsmin(script.decode())
    return shorter.encode()
