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
from typing import Annotated, Literal, NoReturn

from cyclopts import App, ArgumentCollection, CycloptsError, Parameter
from cyclopts.config import Env, Toml

from duologue import __version__
from duologue.bench.load import Load
from duologue.config import Address, Settings, UnixAddress
from duologue.errors import (
    ConnectError,
    DuologueError,
    ListenError,
    LoadError,
    RoomFull,
    RoomNotFound,
    SettingsError,
    SlowDown,
)
from duologue.terminal.exit_code import ExitCode
from duologue.terminal.options import ChatOptions
from duologue.terminal.visible import visible_line

_FAILED = 1
_MISUSED = 2

_MAY_BE_A_FLAG = re.compile(r"^(?!secret$)")
"""Matches what may be a flag; not a secret, which every user of the machine could see."""

_MAY_BE_ASKED = re.compile(r"^(?!(seated|stalled)$)")
"""Matches what may be asked of a load; not what only a program does."""


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
    default_parameter=Parameter(parse=_MAY_BE_A_FLAG, negative_iterable=()),
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
    from duologue.server.app import run
    from duologue.server.outlet import shown

    settings = replace(settings or Settings(), secret=os.environ.get("DUOLOGUE_SECRET", ""))
    with (
        shown(settings.log, settings.log_format),
        asyncio.Runner(loop_factory=_loop_factory()) as runner,
    ):
        runner.run(run(settings, _announce))


@app.command(name="chat")
def chat(options: Annotated[ChatOptions | None, Parameter(name="*")] = None) -> int:
    """Talk with someone, here in the terminal; in a pipe, by lines.

    Without a code it opens a room and shows its code. In a script, stdin's
    lines are sent, the partner's go to stdout, and all else to stderr.
    """
    try:
        from duologue.terminal import talk

        return talk(options or ChatOptions())
    except KeyboardInterrupt:  # There was nothing yet to leave.
        return ExitCode.INTERRUPTED


@app.command
def spec() -> None:
    """Print the protocol as an AsyncAPI document, for programs."""
    from duologue.spec import as_json

    _write(as_json() + b"\n")


@app.command
def completion(shell: Literal["bash", "zsh", "fish"]) -> None:
    """Print what lets a shell complete commands and flags.

    Parameters
    ----------
    shell
        Which: bash, zsh or fish. docs/terminal.md says where each wants it.
    """
    _write(app.generate_completion(shell=shell).encode())


@app.command(name="bench", default_parameter=Parameter(parse=_MAY_BE_ASKED))
def bench(load: Annotated[Load, Parameter(name="*")]) -> None:
    """Measure what a server and its machine carry.

    Pairs of clients chat through the server at URL, as fast as it can or at a
    fixed rate, with connections dropped or not. It needs Linux.
    """
    from duologue.bench.command import carry_out

    sys.exit(carry_out(load))


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and end the process: 0 done, 1 failed, 2 misused, or see `ExitCode`."""
    try:
        # Until the server has a handler of its own.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _open_standard_streams()
        app(arguments, exit_on_error=False, print_error=False)
    except KeyboardInterrupt:
        sys.exit(0)
    except (ListenError, LoadError) as error:
        _fail(error, _FAILED)
    except ConnectError as error:
        _fail(error, ExitCode.UNREACHABLE)
    except (RoomNotFound, RoomFull, SlowDown) as error:
        _fail(error, ExitCode.NO_SEAT)
    except (CycloptsError, DuologueError) as error:
        _fail(error, _MISUSED)
    sys.exit(0)


def _announce(address: Address | UnixAddress, is_secure: bool) -> None:
    """Say where the server listens and what to do next."""
    s = "s" if is_secure else ""
    scheme = f"http{s}://" if isinstance(address, Address) else ""
    lines = f"Duologue {__version__} listens on {scheme}{address} (Ctrl+C stops it)."
    if scheme:
        lines += f"\nOpen that address in a browser. Programs connect to ws{s}://{address}/ws."
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
        # A server may have chosen the words.
        print(f"duologue: {visible_line(str(error))}", file=sys.stderr)
    sys.exit(code)
