"""Fuzzes one target, in a process of its own: `python -m fuzzing.one TARGET [OPTIONS]`.

Options and files are libFuzzer's. Only what is written in Python is instrumented.
"""

import importlib
import sys

import atheris

FOLLOWED = ("duologue", "h11", "ipaddress")
"""What the fuzzer sees from inside, beside the target itself."""


def main() -> None:
    """Fuzz until there is a finding, or libFuzzer's options say that it is enough."""
    _, name, *options = sys.argv
    sys.modules.pop("ipaddress", None)  # Python itself may have loaded it.
    with atheris.instrument_imports(include=[*FOLLOWED, name]):
        target = importlib.import_module(name)
    for seed in target.seeds():  # What a first time costs and loads is no finding.
        target.try_one(seed)
        break
    most_bytes = getattr(target, "MOST_BYTES", 1024)
    atheris.Setup([sys.argv[0], f"-max_len={most_bytes}", *options], target.try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
