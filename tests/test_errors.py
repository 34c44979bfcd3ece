import inspect

from duologue import errors


def test_every_exception_of_ours_can_be_caught_as_one() -> None:
    ours = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(kind, errors.DuologueError) for kind in ours)


def test_exceptions_carry_the_facts() -> None:
    assert errors.ListenError("[::1]:80", "Permission denied").address == "[::1]:80"
    assert errors.ProtocolViolation(1002).close_code == 1002
