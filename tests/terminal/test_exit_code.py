"""Scripts rely on these numbers, so docs/terminal.md has them all."""

import re
from pathlib import Path

from duologue.terminal.exit_code import ExitCode

DOCUMENT = Path(__file__).parents[2] / "docs" / "terminal.md"


def test_the_document_tells_what_each_number_means() -> None:
    section = DOCUMENT.read_text().split("## In a script")[1].split("\n## ")[0]
    told = {int(number) for number in re.findall(r"^\| `(\d+)` \|", section, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode}
