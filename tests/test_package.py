"""What is installed is whole: the wheel has all that the program and its page need."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = "import sys, flit_core.buildapi as flit; print(flit.build_wheel(sys.argv[1]))"


def test_the_wheel_has_every_file_of_the_package(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    with zipfile.ZipFile(tmp_path / done.stdout.strip()) as wheel:
        inside = {name for name in wheel.namelist() if name.startswith("duologue/")}
    files = {
        str(file.relative_to(ROOT / "src"))
        for file in (ROOT / "src" / "duologue").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert inside == files
    assert {"duologue/py.typed", "duologue/web/index.html"} <= inside
