"""The secrets that seal tickets: where they come from, and how one is made.

A ticket outlives the server only if its secret does. So this is the one file
that the server writes, once, with a secret and nothing else in it.
"""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from duologue.config import Settings
from duologue.errors import SettingsError
from duologue.server.log import log

_FEWEST_CHARS = 32
_MOST_BYTES = 64 * 1024
"""What no file of secrets exceeds; one that was named by mistake may never end."""

_RANDOM_BYTES = 32
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def load(settings: Settings) -> list[str]:
    """Return the secrets, the newest first: it seals, and all of them open.

    They come from `settings`, or else from the user's state directory, where
    one is made on the first start. Where none can be kept, one is made that
    lasts as long as this process.

    Raises:
        SettingsError: A secret cannot be read or is too weak, or two places are named.
    """
    if settings.secret and settings.secret_file is not None:
        raise SettingsError("secret, secret_file: set one of them, not both")
    if settings.secret:
        return _checked(settings.secret.replace(",", " ").split(), "secret")
    if settings.secret_file is not None:
        return _read("secret_file", Path(settings.secret_file))
    return _kept()


def _kept() -> list[str]:
    """Return what the user's state directory holds, or will hold from now on."""
    try:
        path = _state_directory() / "duologue" / "secret"
        if not _is_there(path):
            _make(path)
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home.
        log.warning(
            "no secret can be kept (%s): no ticket will survive a restart; "
            "set DUOLOGUE_SECRET or --secret-file",
            error,
        )
        return [secrets.token_urlsafe(_RANDOM_BYTES)]
    return _read("secret", path)


def _state_directory() -> Path:
    """Return where programs of this user keep their state (XDG Base Directory 0.8)."""
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".local" / "state"


def _is_there(path: Path) -> bool:
    """Say whether there is such a file, readable or not; a link to nowhere is one."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _make(path: Path) -> None:
    """Write a new secret, whole or not at all, unless another server is faster."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(_RANDOM_BYTES) + "\n")
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)  # Unlike a renaming, it never replaces another's secret.
    finally:
        draft.unlink()
    with suppress(OSError):  # Not every file system can.
        _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    """Make a new name in a directory survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(setting: str, path: Path) -> list[str]:
    """Read a file of secrets, one a line; blank lines and # comments are passed over."""
    where = f"{setting}: {path}"
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{where}: {error.strerror}") from None
    if len(content) > _MOST_BYTES:
        raise SettingsError(f"{where}: is longer than {_MOST_BYTES} bytes")
    try:
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise SettingsError(f"{where}: is not UTF-8") from None
    if mode & _FOR_OTHERS:  # Refusing it would lock out containers, whose secrets are 0444.
        log.warning("%s: other users of this machine may use it (mode %04o)", where, mode)
    return _checked([line for line in lines if line and not line.startswith("#")], where)


def _checked(found: list[str], where: str) -> list[str]:
    """Return the secrets if they are fit to seal with; no error quotes one."""
    if not found:
        raise SettingsError(f"{where}: there is no secret in it")
    for number, secret in enumerate(found, 1):
        if len(secret) < _FEWEST_CHARS:
            raise SettingsError(
                f"{where}: number {number} of {len(found)} has {len(secret)} characters, "
                f"and needs at least {_FEWEST_CHARS}"
            )
        if not secret.isprintable():
            raise SettingsError(f"{where}: number {number} of {len(found)} is no plain text")
    return found
