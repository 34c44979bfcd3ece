from duologue.bench.drops.replay import Replay, Replays


def test_a_replay_lasts_from_the_connection_to_the_last_chat_that_waited() -> None:
    mine, partners = Replays(), Replays()
    mine.connected(1.0, life=1)
    mine.resumed(1.0)
    mine.lost()
    mine.connected(10.0, life=1)
    mine.expect(heard=4, sent=6, sent_life=1)
    mine.resumed(10.5)
    mine.heard(5, 11.0, partners)
    mine.heard(6, 12.0, partners)
    mine.heard(7, 13.0, partners)
    assert mine.done == [Replay(2.0, 1.5, 2)]
    assert mine.resumes == [0.5]


def test_nothing_waits_nothing_is_replayed() -> None:
    mine = Replays()
    mine.connected(10.0, life=1)
    mine.expect(heard=6, sent=6, sent_life=1)
    mine.heard(7, 13.0, Replays())
    mine.lost()
    assert (mine.done, mine.cut_short) == ([], 0)


def test_the_next_loss_cuts_it_short() -> None:
    mine = Replays()
    mine.connected(10.0, life=1)
    mine.expect(heard=4, sent=6, sent_life=1)
    mine.lost()
    assert (mine.done, mine.cut_short) == ([], 1)


def test_what_a_killed_server_held_counts_from_when_both_are_there() -> None:
    mine, partners = Replays(), Replays()
    mine.connected(10.0, life=2)
    mine.expect(heard=4, sent=6, sent_life=1)
    mine.resumed(10.5)
    partners.connected(20.0, life=2)
    partners.resumed(20.5)
    mine.heard(6, 21.0, partners)
    assert mine.done == [Replay(1.0, 0.5, 2)]
