"""Room codes as people type them: whoever typed the right one finds the room."""

from collections.abc import Iterable

from duologue.wire import codes

MOST_BYTES = 256

SPELLINGS = str.maketrans({"1": "l", "0": "o"})


def seeds() -> Iterable[bytes]:
    """Begin with codes in several spellings."""
    yield from (b"8RZ0MQ", b"8rz-omq", b" 8 R Z O M Q ", b"ILOU", b"", b"-" * 65)
    yield "ſß\u0130\ufb01".encode()  # Whose upper case is longer, or another letter.


def try_one(data: bytes) -> None:
    """Read it as typed, and as what a code is drawn from."""
    typed = data.decode(errors="replace")
    meant = list(codes.candidates(typed))
    assert len(meant) <= 2
    for code in meant:
        assert len(code) <= 3 * len(typed)
    drawn = iter(data + bytes(64))
    code = codes.generate(lambda size: bytes(next(drawn) for _ in range(size)))
    assert set(code) <= set(codes.ALPHABET)
    spoken = code.lower().translate(SPELLINGS)
    for spelled in (code, code.lower(), spoken, f" {spoken[:3]}-{spoken[3:]} "):
        assert code in codes.candidates(spelled), "the right code is not understood"
