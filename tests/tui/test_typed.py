"""The arrow keys go through what was sent, and back to the draft."""

from duologue.tui.typed import Typed


def typed(*texts: str) -> Typed:
    found = Typed()
    for text in texts:
        found.add(text)
    return found


def test_up_goes_back_and_down_returns_to_the_draft() -> None:
    sent = typed("one", "two")
    steps = [sent.older("draft"), sent.older("two"), sent.older("one")]
    assert steps == ["two", "one", None]
    assert [sent.newer(), sent.newer(), sent.newer()] == ["two", "draft", None]


def test_nothing_sent_is_nothing_to_go_through() -> None:
    sent = Typed()
    assert (sent.older("draft"), sent.newer()) == (None, None)


def test_the_same_twice_in_a_row_is_kept_once() -> None:
    sent = typed("one", "one")
    assert [sent.older(""), sent.older("")] == ["one", None]


def test_to_send_goes_back_to_the_end() -> None:
    sent = typed("one", "two")
    sent.older("")
    sent.older("")
    sent.add("three")
    assert sent.older("") == "three"


def test_only_the_latest_are_kept() -> None:
    sent = typed(*map(str, range(1000)))
    count = 0
    while sent.older("") is not None:
        count += 1
    assert count == 200
