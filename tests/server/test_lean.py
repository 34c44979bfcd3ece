"""What is left out of a script changes nothing of what it does.

The browser tests run on lean scripts too: a browser is sent no others.
"""

import subprocess
from pathlib import Path

import pytest
from tools.node import NODE

from duologue.server.assets import WEB
from duologue.server.lean import lean, lean_style

SCRIPTS = sorted(WEB.rglob("*.js"))

PARSE_ALL = """
import { readFileSync } from "node:fs";
import { SourceTextModule } from "node:vm";
for (const path of process.argv.slice(1)) {
  new SourceTextModule(readFileSync(path, "utf8"), { identifier: path });
}
"""

SAME_WORDS = """
import assert from "node:assert/strict";
const [whole, lean] = await Promise.all(process.argv.slice(1).map((url) => import(url)));
assert.ok(Object.keys(whole).length > 0);
assert.deepEqual(lean, whole);
"""


def node(code: str, *arguments: str | Path) -> None:
    command = [NODE, "--experimental-vm-modules", "--input-type=module", "-e", code, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def leaned(script: Path, folder: Path) -> Path:
    copy = folder / f"{'-'.join(script.relative_to(WEB).with_suffix('').parts)}.mjs"
    copy.write_bytes(lean(script.read_bytes()))
    return copy


def test_comments_and_indentation_go() -> None:
    whole = (
        b"/** A.\n * B */\nconst a = {\n"
        b'  b: "//c", // d\n  e: `/* ${f} */`,\n  g: /"[/]*/u,\n};\n'
    )
    assert lean(whole) == b'const a={b:"//c",e:`/* ${f} */`,g:/"[/]*/u,};'


def test_every_script_is_still_one(tmp_path: Path) -> None:
    copies = [leaned(script, tmp_path) for script in SCRIPTS]
    assert len(copies) > 50
    node(PARSE_ALL, *copies)


def test_every_script_gets_shorter() -> None:
    grown = [
        script.name
        for script in SCRIPTS
        if len(lean(script.read_bytes())) >= script.stat().st_size
    ]
    assert grown == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_word_stays_as_it_is(language: str, tmp_path: Path) -> None:
    script = WEB / "words" / f"{language}.js"
    node(SAME_WORDS, script.as_uri(), leaned(script, tmp_path).as_uri())


@pytest.mark.parametrize(
    ("sheet", "is_sent"),
    [
        (b"a { /* why */ b: c }", b"a {   b: c }"),
        (b"/* two\nlines */a{}/**/b{}", b" a{} b{}"),
        (b'a { content: "/* kept */" }', b'a { content: "/* kept */" }'),
        (b"a { content: '\\'/* kept */' }", b"a { content: '\\'/* kept */' }"),
        (b"a{}/* it's */b{}", b"a{} b{}"),
    ],
)
def test_a_style_sheet_loses_its_comments_and_nothing_else(
    sheet: bytes, is_sent: bytes
) -> None:
    assert lean_style(sheet) == is_sent
