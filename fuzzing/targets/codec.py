"""The codec: what is no message is refused in words, what is one survives a round trip."""

from collections.abc import Callable, Iterable
from typing import Any

from duologue.wire import messages, refusals, v1
from duologue.wire.codec import UNDECODABLE, decode, decode_reply, decode_v1, encode, explain
from fuzzing import words

MOST_BYTES = 4096

DECODERS: tuple[Callable[[str], Any], ...] = (decode, decode_v1, decode_reply)


def seeds() -> Iterable[bytes]:
    """Begin with every message, and with what is none."""
    yield from words.messages()
    yield b'{"type":"chat","content":"\\ud83d\\ude00 \\u0000"}'
    yield b'{"type":"chat","content":"\\ud800"}'
    yield b"[" * 2000
    yield b'{"type":"chat","content":%b1%b}' % (b"[" * 1000, b"]" * 1000)


def try_one(data: bytes) -> None:
    """Read it in both protocols, and as a client reads."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    for read in DECODERS:
        try:
            message = read(text)
        except UNDECODABLE as error:
            words_of_it = explain(error)
            assert 0 < len(words_of_it) <= 200, "an explanation of no use"
            encode(refusals.invalid_message(words_of_it))
            kind_of_error(words_of_it)
        else:
            kind_of_message(message)
            assert read(encode(message).decode()) == message, "it is not what it was"


def kind_of_message(message: object) -> int:
    """Show the fuzzer, which cannot look into the decoder, that this is another kind."""
    if isinstance(message, v1.Chat | v1.Said):
        return 1
    if isinstance(message, v1.Resume | v1.Resumed):
        return 2
    if isinstance(message, v1.Received | v1.Read):
        return 3
    if isinstance(message, messages.Error):
        return 4
    if isinstance(message, messages.Chat | messages.Said):
        return 5
    return 6 if isinstance(message, messages.JoinRoom) else 0


def kind_of_error(text: str) -> int:
    """Show it likewise how near to a message it came."""
    if text.startswith("JSON is malformed"):
        return 1
    if text.startswith("Object missing"):
        return 2
    if text.startswith("Expected"):
        return 3 if "$." in text else 4
    if text.startswith("Invalid value"):
        return 5
    return 6 if text.startswith("Input data was truncated") else 0
