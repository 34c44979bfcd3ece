"""The files of the page and of the client library for browsers, ready to be sent.

They are read from the package once, all at the same time. A request is looked
up among them by its path, and never reaches the file system.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from duologue.server.lean import lean, lean_style
from duologue.server.protection import EMBEDDABLE, PART, PICTURE, PROTECTED, WORKER

WEB = Path(__file__).parents[1] / "web"
PAGE = "/index.html"
SHELL = "/shell.js"
SERVICE_WORKER = "/service-worker.js"

_SCRIPT = "text/javascript"
"""A module is UTF-8 whatever is said here (HTML, "fetch a single module script")."""

_STYLE = "text/css; charset=utf-8"

_LEAN: Mapping[str, Callable[[bytes], bytes]] = {_SCRIPT: lean, _STYLE: lean_style}

_TYPES = {
    ".css": _STYLE,
    ".html": "text/html; charset=utf-8",
    ".js": _SCRIPT,
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
}
"""What is of no type that is listed here is not served."""

_GZIP = 16 + zlib.MAX_WBITS
"""What zlib calls its largest window in the format of gzip."""

_DOCUMENTS = {".html": PROTECTED, ".svg": PICTURE}
"""What a browser can show by itself, and run scripts in."""

Fields = tuple[tuple[str, str], ...]


class Packed(NamedTuple):
    """A body as it is sent, and the fields that tell what it is."""

    body: bytes
    fields: Fields


class Asset:
    """One file.

    Attributes:
        content: What is in it.
        fields: What every answer about it says; an answer with the file says more.
        tag: Its entity tag. It is weak, as it stands for the file in any coding.
    """

    def __init__(self, path: str, content: bytes) -> None:
        self.content = content
        digest = hashlib.sha256(content).digest()
        self.tag = f'W/"{base64.urlsafe_b64encode(digest[:6]).decode()}"'
        self.type = _TYPES[PurePosixPath(path).suffix]
        self.fields: Fields = (
            # Names never change, so a browser has to ask each time whether a file did.
            ("Cache-Control", "no-cache"),
            ("ETag", self.tag),
            ("Vary", "Accept-Encoding"),
            *_protection(path),
        )

    @cached_property
    def plain(self) -> Packed:
        """The file as it is."""
        return self._packed(self.content)

    @cached_property
    def zipped(self) -> Packed:
        """The file in gzip, unless it is the shorter one as it is.

        Scripts and styles are lean as well: who wants to read them asks for them plain.
        """
        shorten = _LEAN.get(self.type)
        content = self.content if shorten is None else shorten(self.content)
        body = zlib.compress(content, 9, wbits=_GZIP)
        if len(body) >= len(self.content):
            return self.plain
        return self._packed(body, ("Content-Encoding", "gzip"))

    def _packed(self, body: bytes, *coding: tuple[str, str]) -> Packed:
        what = (("Content-Type", self.type), ("Content-Length", str(len(body))))
        return Packed(body, (*what, *coding, *self.fields))


def read(root: Path) -> dict[str, Asset]:
    """Read all files below a folder, by the path under which each is asked for.

    The page is at `/`. One more is made of the others: `/shell.js`, which
    tells the service worker what there is, in which version.
    """
    contents = dict(_contents(root))
    if SERVICE_WORKER in contents:
        contents[SHELL] = _shell(contents)
    return {_asked_for(path): Asset(path, content) for path, content in contents.items()}


@cache
def assets() -> Mapping[bytes, Asset]:
    """Return what this package serves, by path as it stands in a request."""
    return {path.encode(): asset for path, asset in read(WEB).items()}


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(root.rglob("*")):
        if file.suffix in _TYPES:
            yield f"/{file.relative_to(root).as_posix()}", file.read_bytes()


def _shell(contents: Mapping[str, bytes]) -> bytes:
    version = hashlib.sha256()
    for path, content in contents.items():
        version.update(f"{path} {len(content)}\n".encode() + content)
    told = {
        "version": version.hexdigest()[:20],
        "files": [_asked_for(path) for path in contents if path != SERVICE_WORKER],
    }
    return b"self.SHELL = " + msgspec.json.encode(told) + b";\n"


def _asked_for(path: str) -> str:
    return "/" if path == PAGE else path


def _protection(path: str) -> Fields:
    if path == SERVICE_WORKER:
        return WORKER
    # Any page may use the client library.
    if path == "/client.js" or path.startswith("/client/"):
        return EMBEDDABLE
    return _DOCUMENTS.get(PurePosixPath(path).suffix, PART)
