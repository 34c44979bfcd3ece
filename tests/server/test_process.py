import os
import resource
import time
from pathlib import Path

import pytest

from duologue.server import process


def test_it_tells_what_the_system_knows() -> None:
    seen = process.look()
    assert seen is not None
    assert 0 < seen.cpu_s <= time.process_time()
    assert seen.resident_bytes > 1_000_000
    assert time.time() - 7 * 24 * 60 * 60 < seen.started_at < time.time() + 1
    assert seen.most_files == resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@pytest.mark.parametrize("has_sizes", [True, False])
def test_open_files_are_counted_on_any_linux(
    monkeypatch: pytest.MonkeyPatch, has_sizes: bool
) -> None:
    if not has_sizes:
        monkeypatch.setattr(Path, "stat", lambda _path: os.stat_result([0] * 10))
    before = process._open_files()
    descriptors = [os.open(os.devnull, os.O_RDONLY) for _ in range(10)]
    after = process._open_files()
    for descriptor in descriptors:
        os.close(descriptor)
    assert after == before + 10


def test_without_linux_there_is_nothing_to_tell(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(process, "_SELF", tmp_path)
    assert process.look() is None


def test_a_process_may_have_as_many_files_as_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda _: endless)
    seen = process.look()
    assert seen is not None
    assert seen.most_files == float("inf")
