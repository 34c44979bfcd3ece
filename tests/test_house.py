"""The house keeps its order: what `make check` cannot see."""

import ast
import os
import re
from pathlib import Path

import pytest
from tools.test import PURE

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "duologue"
MODULES = sorted(SOURCE.rglob("*.py"))
OURS = [
    *MODULES,
    *(
        path
        for folder in (
            "tests",
            "tools",
            "examples",
            "benchmarks",
            "attacks",
            "compliance",
            "fuzzing",
        )
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ),
]
WEB = SOURCE / "web"
SCRIPTS = sorted(path for path in WEB.rglob("*.js") if path.parent.name != "vendor")
PAGES = [
    *SCRIPTS,
    *sorted(WEB.rglob("*.css")),
    *sorted(WEB.rglob("*.html")),
    *sorted((ROOT / "tests" / "web").rglob("*.js")),
]
TRANSCRIBED = {"errors", "events", "messages", "outgoing", "stay", "typing-state"}
"""The modules of the client for browsers that the transcripts cover."""

CONNECTED = {"answers", "driver", "link"}
"""Its modules that are tested at work, by the tests of `connection.js`."""

TEXT_AS_CODE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|document\.write"
    r"|\beval\(|new Function"
)


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if not path.stem.startswith("__")], ids=str
)
def test_every_module_has_tests_of_its_own(path: Path) -> None:
    inside = path.relative_to(SOURCE)
    assert (ROOT / "tests" / inside.parent / f"test_{inside.name}").exists()


@pytest.mark.parametrize("path", sorted((WEB / "client").glob("*.js")), ids=str)
def test_every_module_of_the_client_for_browsers_has_tests_of_its_own(path: Path) -> None:
    tests = ROOT / "tests" / "web" / "client" / f"{path.stem}.test.js"
    assert tests.exists() or path.stem in TRANSCRIBED | CONNECTED


@pytest.mark.parametrize("path", [*OURS, *PAGES], ids=str)
def test_a_file_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = {
        f.name: f.end_lineno - f.lineno
        for f in functions(path)
        if f.end_lineno and f.end_lineno - f.lineno > 45
    }
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_in_eight_lines_what_lives_in_it(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring is not None
    assert len(docstring.splitlines()) <= 8


# The front page of the client library has an example too.
@pytest.mark.parametrize(
    "path", [path for path in SCRIPTS if path != WEB / "client.js"], ids=str
)
def test_a_script_says_in_eight_lines_what_lives_in_it(path: Path) -> None:
    head = re.match(r"/\*\*(.*?)\*/", path.read_text(), re.DOTALL)
    assert head is not None
    assert len(head[1].strip().splitlines()) <= 8


@pytest.mark.parametrize("path", [*SCRIPTS, WEB / "index.html"], ids=str)
def test_no_text_becomes_markup_or_code(path: Path) -> None:
    assert TEXT_AS_CODE.findall(path.read_text()) == []


PURE_TESTS = [
    path
    for name in PURE
    for path in ([ROOT / name] if name.endswith(".py") else sorted((ROOT / name).glob("*.py")))
]


@pytest.mark.parametrize("path", PURE_TESTS, ids=str)
def test_the_rules_are_tested_without_an_event_loop(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    assert "asyncio" not in path.read_text()


def test_no_file_is_a_link_to_another() -> None:
    """Archives, copies and some systems turn a symbolic link into a text with its target."""
    links: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name[0] != "." and name != "node_modules"]
        links += [
            path for name in (*folders, *files) if (path := Path(folder, name)).is_symlink()
        ]
    assert links == []
