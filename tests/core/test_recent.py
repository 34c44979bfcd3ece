from duologue.core.recent import Recent


def test_what_was_added_last_is_remembered_and_nothing_older() -> None:
    recent = Recent(2)
    for key in (b"one", b"two", b"three"):
        recent.add(key)
    assert [key in recent for key in (b"one", b"two", b"three", b"four")] == [
        False,
        True,
        True,
        False,
    ]


def test_what_is_added_again_takes_no_more_room() -> None:
    recent = Recent(2)
    for key in (b"one", b"two", b"two", b"one"):
        recent.add(key)
    assert [b"one" in recent, b"two" in recent] == [True, True]
