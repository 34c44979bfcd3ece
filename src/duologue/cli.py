"""The command `duologue`: arguments only.

Each command imports what it needs when it runs, so that none pays for
another's start-up.
"""

import asyncio
import os
import re
import signal
import sys
import tomllib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, NoReturn

from cyclopts import App, ArgumentCollection, CycloptsError, Parameter
from cyclopts.config import Env, Toml

from duologue import __version__
from duologue.config import Address, Settings
from duologue.errors import DuologueError, ListenError, SettingsError

_FAILED = 1
_MISUSED = 2

_MAY_BE_A_FLAG = re.compile(r"^(?!secret$)")
"""Matches what may be a flag; not a secret, which every user of the machine could see."""


def _apply_settings_file(
    app: App, commands: tuple[str, ...], arguments: ArgumentCollection
) -> None:
    """Fill what is still open from the file that --config names, if it does."""
    for token in arguments["--config"].tokens:
        path = Path(token.value)
        try:
            _check_keys(path)
            Toml(path, use_commands_as_keys=False)(app, commands, arguments)
        except OSError as error:
            raise SettingsError(f"config: {path}: {error.strerror}") from None
        except (CycloptsError, SettingsError, ValueError) as error:
            raise SettingsError(f"config: {path}: {error}") from None


def _check_keys(path: Path) -> None:
    """Refuse a key that is no setting: it would change nothing, unnoticed."""
    known = {field.name for field in fields(Settings)}
    for key in tomllib.loads(path.read_text()):
        if key == "secret":
            raise SettingsError("a secret belongs in a file of its own; name it as secret_file")
        if key not in known:
            raise SettingsError(f"there is no setting {key!r}")


app = App(
    name="duologue",
    help="Two people meet by a six-character code and chat.",
    version=f"duologue {__version__}",
)


# The order is that of strength: flags go before both of these.
@app.command(
    name="serve",
    config=[Env("DUOLOGUE_", command=False), _apply_settings_file],
    default_parameter=Parameter(parse=_MAY_BE_A_FLAG),
)
def serve(
    settings: Annotated[Settings | None, Parameter(name="*")] = None,
    *,
    config: Path | None = None,  # noqa: ARG001 - read by _apply_settings_file, above
) -> None:
    """Run the chat server until Ctrl+C or SIGTERM.

    A flag is stronger than the environment, and the environment is stronger
    than the file.

    Parameters
    ----------
    config
        A TOML file with settings, one a line: heartbeat_s = 20
    """
    from duologue.server import log
    from duologue.server.app import run

    settings = replace(settings or Settings(), secret=os.environ.get("DUOLOGUE_SECRET", ""))
    log.configure(settings.log)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(run(settings, _announce))


@app.command
def spec() -> None:
    """Print the protocol as an AsyncAPI document, for programs."""
    from duologue.spec import as_json

    _write(as_json() + b"\n")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and end the process: 0 done, 1 failed, 2 misused."""
    try:
        # Until the server has a handler of its own.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _open_standard_streams()
        app(arguments, exit_on_error=False, print_error=False)
    except KeyboardInterrupt:
        sys.exit(0)
    except ListenError as error:
        _fail(error, _FAILED)
    except (CycloptsError, DuologueError) as error:
        _fail(error, _MISUSED)
    sys.exit(0)


def _announce(address: Address) -> None:
    """Say where the server listens and what to do next."""
    lines = (
        f"Duologue {__version__} listens on http://{address} (Ctrl+C stops it).\n"
        f"Open that address in a browser. Programs connect to ws://{address}/ws."
    )
    try:
        print(lines, flush=True)
    except OSError:  # Nobody reads it. What is left of it must not fail again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(document: bytes) -> None:
    """Write to standard output, in whatever encoding the document has."""
    try:
        with os.fdopen(1, "wb", closefd=False) as output:
            output.write(document)
    except BrokenPipeError:
        pass  # Whoever reads it has seen enough.
    except OSError as error:
        _fail(error, _FAILED)


def _open_standard_streams() -> None:
    """Keep numbers 0 to 2 from sockets, which libuv could not close again."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's event loop where there is one; None means asyncio's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _fail(error: Exception, code: int) -> NoReturn:
    """Say in one line what was wrong."""
    if sys.stderr is not None:
        print(f"duologue: {' '.join(str(error).split())}", file=sys.stderr)
    sys.exit(code)
