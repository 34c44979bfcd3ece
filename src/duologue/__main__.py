"""Where the program begins: as the command `duologue`, and as `python -m duologue`.

To load it takes longer than to be told to stop, so that is dealt with first.
"""

import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command; if it is told to stop while it loads, end as it would later."""
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from duologue.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
