"""The header fields that tell a browser how little an answer may be used for.

Every answer to plain HTTP carries one of these sets.
"""

Fields = tuple[tuple[str, str], ...]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types duologue"
)
"""What the page may do: load and talk to this server alone, and run no text as code."""

WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
"""What the service worker may do: import, and fetch what it keeps for the page."""

PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""What a drawing may do that is opened by itself: nothing but be seen."""

_NO_SNIFFING = ("X-Content-Type-Options", "nosniff")


def _with(policy: str) -> Fields:
    return (
        ("Content-Security-Policy", policy),
        _NO_SNIFFING,
        ("Referrer-Policy", "no-referrer"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    )


PROTECTED = _with(PAGE_POLICY)
WORKER = _with(WORKER_POLICY)
PICTURE = _with(PICTURE_POLICY)

PART: Fields = (_NO_SNIFFING,)
"""For what is never shown by itself: the page that it is a part of is protected.
A first load has sixty of these, so each byte counts."""

EMBEDDABLE: Fields = (*PART, ("Access-Control-Allow-Origin", "*"))
