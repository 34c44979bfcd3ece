"""One attack in a process of its own: `python -m attacks.strike NAME PORT SECONDS`.

It steps back behind everyone else who wants the core: what is measured beside it
is the server, not who gets to run.
"""

from __future__ import annotations

import json
import os
import sys

from benchmarks.process import raise_file_limit

from attacks.catalogue import ATTACKS


def main() -> int:
    """Attack; print the tally as a line of JSON."""
    name, port, seconds = sys.argv[1:]
    [attack] = [each for each in ATTACKS if each.name == name]
    raise_file_limit()
    os.nice(10)
    tally = attack.run(int(port), float(seconds))
    told = {"opened": tally.opened, "sent_bytes": tally.sent_bytes, "counts": tally.counts}
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
