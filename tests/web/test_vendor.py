"""What others wrote is what they published, and stands beside its licence."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.interop import tools

from duologue.server.assets import WEB

VENDOR = WEB / "vendor"
NOTES = (VENDOR / "README.md").read_text()
ROW = re.compile(
    r"^\| (?P<here>`.*?) \| npm `(?P<package>\S+)`: (?P<there>`.*?) "
    r"\| (?P<version>\S+) \| (?P<licence>\S+) \| `(?P<integrity>\S+)` \|$",
    re.MULTILINE,
)
LOCK = json.loads((tools.ROOT / "package-lock.json").read_text())["packages"]


class Vendored(NamedTuple):
    """A package, as the notes tell of it: what each file here is there."""

    package: str
    files: dict[str, str]
    version: str
    licence: str
    integrity: str


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


VENDORED = [
    Vendored(
        row["package"],
        dict(zip(names(row["here"]), names(row["there"]), strict=True)),
        row["version"],
        row["licence"],
        row["integrity"],
    )
    for row in ROW.finditer(NOTES)
]


def test_the_notes_tell_of_every_file() -> None:
    told = [name for each in VENDORED for name in each.files]
    here = {file.name for file in VENDOR.iterdir()}
    assert sorted(told) == sorted(here - {"README.md"})
    assert told


@pytest.mark.parametrize("each", VENDORED, ids=lambda each: each.package)
def test_a_package_is_the_one_that_is_locked(each: Vendored) -> None:
    locked = LOCK[f"node_modules/{each.package}"]
    assert (locked["version"], locked["license"], locked["integrity"]) == (
        each.version,
        each.licence,
        each.integrity,
    )


@pytest.mark.parametrize("each", VENDORED, ids=lambda each: each.package)
def test_a_file_is_byte_for_byte_what_was_published(each: Vendored) -> None:
    tools.install_node_modules()
    published = tools.NODE_MODULES / each.package
    changed = [
        here
        for here, there in each.files.items()
        if (VENDOR / here).read_bytes() != Path(published, there).read_bytes()
    ]
    assert changed == []


@pytest.mark.parametrize("each", VENDORED, ids=lambda each: each.package)
def test_a_module_stands_beside_its_licence(each: Vendored) -> None:
    modules = {Path(name).stem for name in each.files if name.endswith(".js")}
    licences = {Path(name).stem for name in each.files if name.endswith(".LICENSE")}
    assert modules == licences
