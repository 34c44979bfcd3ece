import pytest

from duologue.server.protection import EMBEDDABLE, PART, PICTURE, PROTECTED, WORKER, Fields


def policy(fields: Fields) -> dict[str, list[str]]:
    directives = dict(fields)["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in map(str.split, directives)}


def test_the_page_loads_from_here_and_talks_to_this_server_alone() -> None:
    directives = policy(PROTECTED)
    assert directives.pop("require-trusted-types-for") == ["'script'"]
    assert directives.pop("trusted-types") == ["duologue"]
    own = {"script-src", "style-src", "img-src", "connect-src", "manifest-src", "worker-src"}
    none = {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert directives == {name: ["'self'"] for name in own} | {
        name: ["'none'"] for name in none
    }


def test_the_service_worker_imports_and_fetches_from_here_alone() -> None:
    assert policy(WORKER) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
    }


def test_a_drawing_does_nothing_but_be_seen() -> None:
    assert policy(PICTURE) == {
        "default-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "sandbox": [],
    }


@pytest.mark.parametrize("fields", [PROTECTED, WORKER, PICTURE])
def test_every_document_has_the_same_protection_but_for_its_policy(fields: Fields) -> None:
    told = dict(fields)
    told.pop("Content-Security-Policy")
    assert told == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    assert len(dict(fields)) == len(fields)


def test_what_is_part_of_a_page_is_taken_for_what_it_is() -> None:
    assert PART == (("X-Content-Type-Options", "nosniff"),)


def test_what_is_for_embedding_may_be_loaded_by_any_page() -> None:
    assert set(EMBEDDABLE) - set(PART) == {("Access-Control-Allow-Origin", "*")}
    assert set(PART) <= set(EMBEDDABLE)
