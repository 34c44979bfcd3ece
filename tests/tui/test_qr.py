"""What a camera sees is the link."""

import segno

from duologue.tui.qr import qr_rows

LINK = "http://127.0.0.1:8080/#8RZ0MQ"


def test_the_picture_is_the_code_with_a_margin() -> None:
    rows = qr_rows(LINK)
    assert {len(row) for row in rows} == {29}
    halves = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    dark = [[halves[cell][half] for cell in row] for row in rows for half in (0, 1)]
    expected = [
        list(row) for row in segno.make(LINK, error="l", micro=False, boost_error=False).matrix
    ]
    assert [row[2:-2] for row in dark[2 : 2 + len(expected)]] == expected
    assert not any(map(any, [*dark[:2], *dark[2 + len(expected) :]]))


def test_a_longer_link_makes_a_larger_picture() -> None:
    assert len(qr_rows("https://chat.example.org/" + "x" * 80)[0]) > len(qr_rows(LINK)[0])
