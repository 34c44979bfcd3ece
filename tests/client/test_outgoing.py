from duologue.client.outgoing import Counts, Failure, Outgoing, Progress


def test_progress_follows_the_counts() -> None:
    counts = Counts()
    message = Outgoing(1, 3, "Hello", counts)
    seen = []
    for counts.sent, counts.delivered, counts.read in [
        (2, 2, 2),
        (3, 2, 2),
        (2, 2, 2),
        (3, 3, 2),
        (4, 4, 4),
    ]:
        seen.append((message.progress, message.is_settled))
    assert seen == [
        (Progress.QUEUED, False),
        (Progress.SENT, False),
        (Progress.QUEUED, False),
        (Progress.DELIVERED, True),
        (Progress.READ, True),
    ]


def test_a_failed_message_stays_where_it_was() -> None:
    counts = Counts(sent=1)
    message = Outgoing(1, 1, "Hello", counts)
    message.fail(Failure.PARTNER_LEFT)
    counts.delivered = 1
    assert (message.progress, message.failure) == (Progress.SENT, Failure.PARTNER_LEFT)
    assert message.is_settled
