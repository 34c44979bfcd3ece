"""Pure file work; no test here may quote a secret, or write into a real home."""

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from duologue.config import Settings
from duologue.errors import SettingsError
from duologue.server import secret

OLD, NEW = "o" * 32, "n" * 43
NOBODY = 65534


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the state directory would be; it isn't there yet."""
    path = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(path))
    return path


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """Give up root's rights, which no mode of a file stops, and give a directory to work in."""
    with tempfile.TemporaryDirectory() as directory:
        if is_root := os.geteuid() == 0:
            os.chown(directory, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(directory)
        finally:
            if is_root:
                os.seteuid(0)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def written(path: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


def refusal(settings: Settings) -> str:
    with pytest.raises(SettingsError) as caught:
        secret.load(settings)
    assert OLD not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize(
    "text",
    [f"{NEW} {OLD}", f"{NEW},{OLD}", f" {NEW},\n {OLD} ,"],
)
def test_secrets_in_a_text_stand_between_spaces_or_commas(text: str, state: Path) -> None:
    assert secret.load(Settings(secret=text)) == [NEW, OLD]
    assert not state.exists()


@pytest.mark.parametrize(
    "text",
    [
        NEW + "\n" + OLD,
        f"# since May\n{NEW}\n\n  # before\r\n  {OLD}  \r\n",
        "\N{BYTE ORDER MARK}" + NEW + "\n" + OLD + "\n",
    ],
)
def test_secrets_in_a_file_stand_one_a_line(tmp_path: Path, text: str, state: Path) -> None:
    path = written(tmp_path / "secrets", text)
    assert secret.load(Settings(secret_file=path)) == [NEW, OLD]
    assert not state.exists()


def test_a_phrase_in_a_file_may_have_spaces(tmp_path: Path) -> None:
    phrase = "four words, and then some more of them"
    assert secret.load(Settings(secret_file=written(tmp_path / "s", phrase))) == [phrase]


def test_a_text_and_a_file_at_once_are_refused(tmp_path: Path) -> None:
    both = Settings(secret=OLD, secret_file=written(tmp_path / "secrets", NEW))
    assert refusal(both) == "secret, secret_file: set one of them, not both"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" , ", "secret: there is no secret in it"),
        ("x" * 31, "secret: number 1 of 1 has 31 characters, and needs at least 32"),
        (f"{OLD} short", "secret: number 2 of 2 has 5 characters, and needs at least 32"),
        (OLD + "\udc80", "secret: number 1 of 1 is no plain text"),
    ],
)
def test_a_weak_secret_in_a_text_is_refused_unquoted(text: str, reason: str) -> None:
    assert refusal(Settings(secret=text)) == reason


DAMAGES = [
    (b"", "there is no secret in it"),
    (b"# soon\n\n", "there is no secret in it"),
    (b"short\n", "number 1 of 1 has 5 characters, and needs at least 32"),
    (b"\0" * 44, "number 1 of 1 is no plain text"),
    (b"\xff" * 44, "is not UTF-8"),
    (b"x" * 65_537, "is longer than 65536 bytes"),
]


@pytest.mark.parametrize(("content", "reason"), DAMAGES)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = written(tmp_path / "secrets", content)
    assert refusal(Settings(secret_file=path)) == f"secret_file: {path}: {reason}"


@pytest.mark.parametrize(("content", "reason"), DAMAGES)
def test_a_damaged_file_of_our_own_is_refused_and_left_as_it_is(
    state: Path, content: bytes, reason: str
) -> None:
    path = written(state / "duologue/secret", content)
    assert refusal(Settings()) == f"secret: {path}: {reason}"
    assert path.read_bytes() == content


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    missing = f"secret_file: {path}: No such file or directory"
    assert refusal(Settings(secret_file=path)) == missing
    assert not path.exists()


def test_a_file_that_may_not_be_read_is_refused(as_nobody: Path) -> None:
    path = written(as_nobody / "secrets", OLD, mode=0)
    assert refusal(Settings(secret_file=path)) == f"secret_file: {path}: Permission denied"


def test_a_file_of_our_own_that_may_not_be_read_is_refused(
    as_nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(as_nobody))
    path = written(as_nobody / "duologue/secret", OLD, mode=0)
    assert refusal(Settings()) == f"secret: {path}: Permission denied"


def test_a_link_to_nowhere_is_refused(state: Path) -> None:
    path = state / "duologue/secret"
    path.parent.mkdir(parents=True)
    path.symlink_to("nowhere")
    assert refusal(Settings()) == f"secret: {path}: No such file or directory"


@pytest.mark.parametrize("mode", [0o444, 0o640])
def test_a_file_that_others_may_use_is_taken_with_a_warning(
    tmp_path: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path / "secrets", OLD, mode)
    assert secret.load(Settings(secret_file=path)) == [OLD]
    assert warnings(caplog) == [
        f"secret_file: {path}: other users of this machine may use it (mode {mode:04o})"
    ]


def test_by_default_one_is_made_and_kept_for_this_user_alone(
    state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = secret.load(Settings())
    assert secret.load(Settings()) == first
    path = state / "duologue/secret"
    assert path.read_text() == first[0] + "\n"
    assert (mode_of(path), mode_of(path.parent)) == (0o600, 0o700)
    assert list(path.parent.iterdir()) == [path]
    assert warnings(caplog) == []


def test_what_is_made_differs_each_time_and_is_long_enough(state: Path) -> None:
    (first,) = secret.load(Settings())
    (state / "duologue/secret").unlink()
    (second,) = secret.load(Settings())
    assert first != second
    assert len(first) == len(second) == 43


def test_one_of_our_own_can_be_rotated_by_hand(state: Path) -> None:
    (made,) = secret.load(Settings())
    written(state / "duologue/secret", f"{NEW}\n{made}\n")
    assert secret.load(Settings()) == [NEW, made]


@pytest.mark.parametrize("named", ["", "state"])
def test_without_an_absolute_state_directory_it_is_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = secret.load(Settings())
    assert (tmp_path / ".local/state/duologue/secret").read_text().split() == made


def test_servers_that_start_at_the_same_moment_agree(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = Barrier(8)
    link = os.link

    def link_together(*paths: Path) -> None:
        barrier.wait(30)
        link(*paths)

    monkeypatch.setattr(os, "link", link_together)
    with ThreadPoolExecutor(8) as pool:
        loads = [pool.submit(secret.load, Settings()) for _ in range(8)]
        found = {tuple(load.result(30)) for load in loads}
    assert len(found) == 1
    assert [path.name for path in (state / "duologue").iterdir()] == ["secret"]


def assert_it_lives_in_memory(caplog: pytest.LogCaptureFixture) -> None:
    (first,), (second,) = secret.load(Settings()), secret.load(Settings())
    assert first != second
    assert len(first) == 43
    told = warnings(caplog)
    assert len(told) == 2
    assert told[0].startswith("no secret can be kept (")
    assert "no ticket will survive a restart; set DUOLOGUE_SECRET" in told[0]
    assert first not in told[0]


def test_without_a_home_it_lives_in_memory(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    assert_it_lives_in_memory(caplog)


def test_where_there_is_no_directory_it_lives_in_memory(
    state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(state, "a file")
    assert_it_lives_in_memory(caplog)


@pytest.mark.parametrize("mode", [0, 0o500])
def test_where_nothing_may_be_written_it_lives_in_memory(
    as_nobody: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    mode: int,
) -> None:
    home = as_nobody / "home"
    home.mkdir(mode=mode)
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    assert_it_lives_in_memory(caplog)
    home.chmod(0o700)
    assert list(home.iterdir()) == []


def test_where_no_link_can_be_made_it_lives_in_memory_and_leaves_nothing(
    state: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_paths: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert_it_lives_in_memory(caplog)
    assert list((state / "duologue").iterdir()) == []


def test_a_disk_that_cannot_make_sure_of_a_directory_will_do(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sync = os.fsync

    def sync_files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync_files_only)
    assert secret.load(Settings()) == secret.load(Settings())
    assert warnings(caplog) == []
