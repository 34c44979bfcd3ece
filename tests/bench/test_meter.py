import os
import subprocess
import sys

import pytest

from duologue.bench.meter import Meter, tree
from duologue.errors import LoadError


def test_without_a_server_only_the_generator_is_measured() -> None:
    meter = Meter(None)
    before, after = meter.read(), meter.read()
    assert before.server is None
    assert before.wall <= after.wall
    assert before.own <= after.own
    assert before.everybody <= after.everybody
    assert meter.resident_kb() == 0


def test_a_process_and_its_children_are_measured_together() -> None:
    parent = "import subprocess, sys; subprocess.run(['cat'])"
    with subprocess.Popen(
        [sys.executable, "-c", f"print('up', flush=True); {parent}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            meter = Meter(process.pid)
            assert meter.read().server is not None
            assert meter.resident_kb() > 0
            assert process.pid in tree(process.pid)
        finally:
            process.communicate(timeout=60)
    with pytest.raises(LoadError, match="there is no process"):
        meter.read()
    with pytest.raises(LoadError, match="there is no process"):
        meter.resident_kb()


def test_this_process_is_in_the_tree_of_its_parent() -> None:
    assert os.getpid() in tree(os.getppid())
