import pytest

from duologue.errors import ProtocolViolation
from duologue.wire.close import CloseCode, code_from_peer, is_valid_from_peer


def test_a_peer_may_send_registered_and_private_codes_only() -> None:
    valid = [code for code in range(6000) if is_valid_from_peer(code)]
    registered = [1000, 1001, 1002, 1003, *range(1007, 1015)]
    assert valid == [*registered, *range(3000, 5000)]


def test_every_code_of_ours_is_a_number_with_a_meaning() -> None:
    assert CloseCode(1000) is CloseCode.NORMAL
    assert {code.value for code in CloseCode} == {int(code) for code in CloseCode}
    assert all(code.meaning.endswith(".") for code in CloseCode)


def test_every_code_of_ours_may_cross_the_wire() -> None:
    assert all(is_valid_from_peer(code) for code in CloseCode)


def test_a_peer_gives_a_code_or_none() -> None:
    assert [code_from_peer(b""), code_from_peer(b"\x03\xe8bye")] == [None, 1000]


@pytest.mark.parametrize("payload", [b"\x03", b"\x03\xed", b"\x00\x00"])
def test_half_a_code_and_a_reserved_one_break_the_protocol(payload: bytes) -> None:
    with pytest.raises(ProtocolViolation) as violation:
        code_from_peer(payload)
    assert violation.value.close_code == CloseCode.PROTOCOL_ERROR
