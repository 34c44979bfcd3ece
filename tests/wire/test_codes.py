from hypothesis import given
from hypothesis import strategies as st

from duologue.wire.codes import ALPHABET, CODE_LENGTH, candidates, generate


def test_the_alphabet_has_32_symbols_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert ALPHABET.upper() == ALPHABET


def test_every_symbol_comes_from_as_many_bytes_as_any_other() -> None:
    drawn = [generate(bytes([byte]).__mul__)[0] for byte in range(256)]
    assert {symbol: drawn.count(symbol) for symbol in drawn} == dict.fromkeys(ALPHABET, 8)


@given(st.binary(min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_has_six_symbols_of_the_alphabet(drawn: bytes) -> None:
    code = generate(lambda _: drawn)
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)


@given(st.binary(min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.data())
def test_a_code_is_found_however_it_is_typed(drawn: bytes, data: st.DataObject) -> None:
    code = generate(lambda _: drawn)
    misreadings = {"1": "1IiLl", "0": "0Oo"}
    typed = "".join(
        data.draw(st.sampled_from(misreadings.get(symbol, symbol + symbol.lower())))
        + data.draw(st.sampled_from(["", " ", "-", " - "]))
        for symbol in code
    )
    assert code in candidates(typed)


def test_what_was_typed_goes_before_what_may_have_been_meant() -> None:
    assert list(candidates("oil-u 7")) == ["OIL-U 7", "011U7"]


def test_what_is_too_long_to_be_typed_means_nothing() -> None:
    assert list(candidates("A" * 65)) == []
    assert next(candidates("A" * 64)) == "A" * 64
