"""Chat in a terminal, or in a pipe: `talk` is all of `duologue chat`.

Here lives what both need, and chat by lines; the screen is `tui`, which is
imported only where there is one. May import `client`, `wire` and `errors`.
"""

import os

from duologue.terminal.options import ChatOptions as ChatOptions


def talk(options: ChatOptions) -> int:
    """Talk until one of the two has had enough, and return the exit code.

    Raises:
        DuologueError: It cannot begin: an option is wrong, the server is not
            there, or does not let us in.
    """
    # By number: where they were closed, sys has none.
    if options.json or not (os.isatty(0) and os.isatty(1)):
        from duologue.terminal import lines

        return lines.run(options)
    from duologue import tui

    return tui.run(options)
