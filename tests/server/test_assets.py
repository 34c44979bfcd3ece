"""The files that are served: which, as what, and in which version."""

import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from duologue.server.assets import WEB, Asset, assets, read
from duologue.server.protection import EMBEDDABLE, PART, PICTURE, PROTECTED, WORKER, Fields

FILES = {
    "index.html": "<!doctype html>" * 100,
    "style.css": "body {}",
    "service-worker.js": "importScripts('/shell.js');",
    "client.js": "export {};",
    "client/link.js": "export {};" * 50,
    "clients.js": "export {};",
    "icons/icon.svg": "<svg/>",
    "icons/icon.png": "\x89PNG",
    "manifest.webmanifest": "{}",
}
NOT_SERVED = {"vendor/README.md": "From far away.", "vendor/qr.LICENSE": "MIT", ".hidden": ""}
SERVED = assets()
NAMED = re.compile(rb'(?:href|src)="(/?[^":#]+)"')
PRELOADED = re.compile(rb'rel="modulepreload" (?:fetchpriority="low" )?href="([^"]+)"')
COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
IMPORTED_LATER = re.compile(rb'\bimport\("([^"]+)"\)')
IMPORTED = re.compile(rb'^(?:import|export) (?:[^;"]*\bfrom )?"([^"]+)";', re.MULTILINE)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    for name, text in (FILES | NOT_SERVED).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def shell(served: Mapping[str, Asset]) -> dict[str, Any]:
    script = served["/shell.js"].content.decode()
    told: dict[str, Any] = json.loads(script.removeprefix("self.SHELL = ").rstrip(";\n"))
    return told


def imports(path: str) -> set[str]:
    """Return the modules that one needs, before it runs or later, by path."""
    content = COMMENT.sub(b"", SERVED[path.encode()].content)
    names = IMPORTED.findall(content) + IMPORTED_LATER.findall(content)
    return {urljoin(path, name.decode()) for name in names}


def test_each_file_is_at_its_path_and_the_page_at_the_root(web: Path) -> None:
    served = read(web)
    assert {path: asset.content.decode() for path, asset in served.items()} == {
        "/" if name == "index.html" else f"/{name}": text for name, text in FILES.items()
    } | {"/shell.js": served["/shell.js"].content.decode()}


def test_each_file_says_what_it_is(web: Path) -> None:
    assert {
        path: dict(asset.plain.fields)["Content-Type"] for path, asset in read(web).items()
    } == {
        "/": "text/html; charset=utf-8",
        "/style.css": "text/css; charset=utf-8",
        "/service-worker.js": "text/javascript",
        "/client.js": "text/javascript",
        "/client/link.js": "text/javascript",
        "/clients.js": "text/javascript",
        "/icons/icon.svg": "image/svg+xml; charset=utf-8",
        "/icons/icon.png": "image/png",
        "/manifest.webmanifest": "application/manifest+json; charset=utf-8",
        "/shell.js": "text/javascript",
    }


def test_a_file_is_told_of_with_its_version(web: Path) -> None:
    page = read(web)["/"]
    about = (
        ("Cache-Control", "no-cache"),
        ("ETag", page.tag),
        ("Vary", "Accept-Encoding"),
        *PROTECTED,
    )
    what = ("Content-Type", "text/html; charset=utf-8")
    zipped = page.zipped.body
    assert page.fields == about
    assert page.plain == (page.content, (what, ("Content-Length", "1500"), *about))
    assert gzip.decompress(zipped) == page.content
    assert len(zipped) < 100
    assert page.zipped == (
        zipped,
        (
            what,
            ("Content-Length", str(len(zipped))),
            ("Content-Encoding", "gzip"),
            *about,
        ),
    )


def test_what_gzip_would_make_longer_stays_as_it_is(web: Path) -> None:
    style = read(web)["/style.css"]
    assert style.zipped is style.plain


def test_a_tag_stands_for_what_is_in_a_file(web: Path) -> None:
    before = read(web)
    (web / "style.css").write_text("body { margin: 0 }")
    after = read(web)
    changed = {path for path in before if before[path].tag != after[path].tag}
    assert changed == {"/style.css", "/shell.js"}
    assert before["/client.js"].tag == before["/clients.js"].tag
    assert re.fullmatch(r'W/"[\w-]{8}"', before["/"].tag)


def test_the_shell_lists_what_the_service_worker_keeps(web: Path) -> None:
    told = shell(read(web))
    names = {f"/{name}" for name in FILES} - {"/index.html", "/service-worker.js"} | {"/"}
    assert set(told) == {"version", "files"}
    assert len(told["files"]) == len(names)
    assert set(told["files"]) == names


@pytest.mark.parametrize("name", ["index.html", "service-worker.js", "icons/icon.png"])
def test_another_content_makes_a_new_version(web: Path, name: str) -> None:
    before = shell(read(web))["version"]
    (web / name).write_text("other")
    assert shell(read(web))["version"] != before


def test_another_name_makes_a_new_version(web: Path) -> None:
    before = shell(read(web))["version"]
    (web / "icons/icon.png").rename(web / "icons/icon-2.png")
    assert shell(read(web))["version"] != before


def test_without_a_service_worker_there_is_no_shell(tmp_path: Path) -> None:
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    ("path", "protection"),
    [
        ("/", PROTECTED),
        ("/icons/icon.svg", PICTURE),
        ("/clients.js", PART),
        ("/shell.js", PART),
        ("/service-worker.js", WORKER),
        ("/client.js", EMBEDDABLE),
        ("/client/link.js", EMBEDDABLE),
    ],
)
def test_each_file_is_protected_as_its_kind_needs(
    web: Path, path: str, protection: Fields
) -> None:
    assert read(web)[path].fields[3:] == protection


def test_the_package_serves_all_that_it_has_for_browsers() -> None:
    files = {f"/{file.relative_to(WEB)}" for file in WEB.rglob("*") if file.is_file()}
    kept_back = {file for file in files if file.endswith((".md", ".LICENSE", ".d.ts"))}
    expected = files - kept_back - {"/index.html"} | {"/", "/shell.js"}
    assert {path.decode() for path in SERVED} == expected


def test_whatever_the_page_names_is_served() -> None:
    named = {urljoin("/", name.decode()) for name in NAMED.findall(SERVED[b"/"].content)}
    assert named - {path.decode() for path in SERVED} == set()
    assert {"/style.css", "/manifest.webmanifest"} <= named


def test_whatever_a_module_imports_is_served() -> None:
    missing = {
        (path.decode(), name)
        for path in SERVED
        if path.endswith(b".js")
        for name in imports(path.decode())
        if name.encode() not in SERVED
    }
    assert missing == set()


def test_the_page_names_every_module_that_it_needs_so_that_all_come_at_once() -> None:
    named = {urljoin("/", name.decode()) for name in PRELOADED.findall(SERVED[b"/"].content)}
    needed: set[str] = set()
    waiting = {"/page/main.js"}
    while waiting:
        needed |= waiting
        waiting = set().union(*map(imports, waiting)) - needed
    assert needed - named - {"/page/main.js"} == set()
    assert named - needed == set()
