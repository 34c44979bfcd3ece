"""Tests the product's WebSocket edge with Autobahn's fuzzing client.

Exits 0 if every case is in order, 1 if one is not or the suite could not run,
2 if there is no CPython 2.7 to run it.
"""

import argparse
import re
import shutil
import signal
import sys
from typing import NoReturn

from compliance.python27 import HERE, NoPython27, SetUpError, fuzzing_client
from compliance.suite import SuiteError, run_cases
from compliance.verdicts import failures, table

# Not 12 and 13: they test compression, which is off on purpose. There is no 8 and no 11.
_CASES = "1.*,2.*,3.*,4.*,5.*,6.*,7.*,9.*,10.*"
_REPORTS = HERE / "reports"


def main() -> int:
    """Run the suite and print what it found."""
    arguments = _parse()
    signal.signal(signal.SIGTERM, _stop)
    try:
        client = fuzzing_client()
        shutil.rmtree(_REPORTS, ignore_errors=True)
        _REPORTS.mkdir()
        verdicts = run_cases(client, arguments.cases, _REPORTS)
    except NoPython27:
        return _complain("Autobahn's test suite needs CPython 2.7, and none was found.", 2)
    except (SetUpError, SuiteError) as error:
        return _complain(str(error), 1)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)
    failed = failures(verdicts)
    print(table(verdicts))
    print(
        "\n".join(["", *failed, f"{len(verdicts) - len(failed)} passed, {len(failed)} failed"])
    )
    return 1 if failed else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m compliance.run", description=__doc__)
    parser.add_argument(
        "--cases",
        type=_patterns,
        default=_CASES,
        metavar="PATTERNS",
        help="which cases, with commas between: 1.*,7.3.1",
    )
    return parser.parse_args()


def _patterns(text: str) -> list[str]:
    if not re.fullmatch(r"\d+(\.\d+)*(\.\*)?(,\d+(\.\d+)*(\.\*)?)*", text):
        raise argparse.ArgumentTypeError(f"not like 1.*,7.3.1: {text}")
    return text.split(",")


def _complain(text: str, status: int) -> int:
    print(f"compliance: {text}", file=sys.stderr)
    return status


def _stop(_signal: int, _frame: object) -> NoReturn:
    sys.exit(143)  # By way of every `finally`, so that no child is left behind.


if __name__ == "__main__":
    sys.exit(main())
