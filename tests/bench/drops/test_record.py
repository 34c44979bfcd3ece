from duologue.bench.drops.record import Record, Verdict, together


def record(said: int, heard: list[int]) -> Record:
    """Return a record in which chats were said at 1, 2, …, and heard 10, 11, … ."""
    record = Record(author=7, payload_bytes=16)
    texts = [record.say(float(number + 1)) for number in range(said)]
    for place, number in enumerate(heard):
        record.hear(texts[number - 1] if number else "who?", 10.0 + place)
    return record


def test_everything_came() -> None:
    whole = record(3, [1, 2, 3])
    assert whole.verdict() == Verdict(3, 3, 0, 0, 0, 0)
    assert whole.verdict().is_clean
    assert whole.verdict().delivered_percent == 100.0
    assert whole.ages() == [9.0, 9.0, 9.0]


def test_each_wrong_is_told_apart() -> None:
    assert record(3, [1, 3]).verdict() == Verdict(3, 2, 1, 0, 0, 0)
    assert record(3, [1, 1, 2, 3]).verdict() == Verdict(3, 3, 0, 1, 0, 0)
    assert record(3, [1, 3, 2]).verdict() == Verdict(3, 3, 0, 0, 1, 0)
    assert record(3, [0, 1, 2, 3]).verdict() == Verdict(3, 3, 0, 0, 0, 1)
    assert record(3, [1, 2]).verdict() == Verdict(3, 2, 1, 0, 0, 0)


def test_a_lost_and_a_doubled_chat_do_not_make_up_for_each_other() -> None:
    verdict = record(3, [1, 1, 3]).verdict()
    assert verdict == Verdict(3, 2, 1, 1, 0, 0)
    assert not verdict.is_clean


def test_what_comes_before_it_was_said_is_strange() -> None:
    early = Record(author=7, payload_bytes=16)
    early.hear("7 1 ".ljust(16, "x"), 1.0)
    assert early.verdict() == Verdict(0, 0, 0, 0, 0, 1)
    assert early.verdict().delivered_percent == 0.0


def test_the_first_coming_of_a_chat_counts_as_its_age() -> None:
    assert record(3, [1, 3, 3, 2, 1, 0]).ages() == [9.0, 8.0, 11.0]


def test_a_chat_has_its_length_and_its_author() -> None:
    assert Record(7, 16).say(0.0) == "7 1 xxxxxxxxxxxx"


def test_verdicts_are_summed() -> None:
    assert together([Verdict(1, 2, 3, 4, 5, 6), Verdict(1, 1, 1, 1, 1, 1)]) == Verdict(
        2, 3, 4, 5, 6, 7
    )
