import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.core.limits import Limits


@pytest.mark.parametrize(
    ("content", "is_allowed"),
    [
        ("", True),
        ("x" * 8, True),
        ("x" * 9, False),
        ("한글", True),
        ("한글한", False),
        ("😀😀", True),
    ],
)
def test_a_limit_is_in_bytes_of_utf8(content: str, is_allowed: bool) -> None:
    assert Limits(max_content_bytes=8).allows_content(content) is is_allowed


@given(st.text(max_size=30))
def test_what_is_safe_by_its_length_is_allowed(content: str) -> None:
    limits = Limits(max_content_bytes=32)
    if len(content) <= limits.safe_content_chars:
        assert limits.allows_content(content)
