"""The page's words as the tests expect them: read from where the page has them."""

import json
import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parents[2] / "src" / "duologue" / "web" / "words"
ENTRY = re.compile(r'^\s*"([\w.]+)":\s*("(?:[^"\\]|\\.)*"),$', re.MULTILINE)

NAMES = {"name", "knocker"}
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def say(word: str, language: str = "en", **values: str) -> str:
    """Say something as the page says it: names are kept apart from the words around them."""
    text = _words(language)[word]
    for place, value in values.items():
        shown = f"\u2068{DIRECTIONS.sub('', value)}\u2069" if place in NAMES else value
        text = text.replace(f"{{{place}}}", shown)
    return text


@cache
def _words(language: str) -> dict[str, str]:
    text = (WORDS / f"{language}.js").read_text()
    return {word: json.loads(said) for word, said in ENTRY.findall(text)}
