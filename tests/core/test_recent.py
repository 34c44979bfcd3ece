from duologue.core.recent import Recent


def test_what_was_noted_last_is_remembered_and_nothing_older() -> None:
    recent = Recent(2)
    for number, key in enumerate((b"one", b"two", b"three")):
        recent.note(key, number)
    assert [recent.get(key) for key in (b"one", b"two", b"three", b"four")] == [
        None,
        1,
        2,
        None,
    ]


def test_what_is_noted_again_takes_no_more_room_and_counts_as_the_newest() -> None:
    recent = Recent(2)
    for number, key in enumerate((b"one", b"two", b"one", b"three")):
        recent.note(key, number)
    assert [recent.get(key) for key in (b"one", b"two", b"three")] == [2, None, 3]
