"""Reads what a browser has drawn: PNG of eight bits a channel, not interlaced (RFC 2083)."""

import struct
import subprocess
import zlib
from typing import NamedTuple

from tools.node import NODE

from tests.interop.tools import ROOT, install_node_modules
from tests.support.client import TIMEOUT_S

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
"""How many bytes a pixel has, by the type of colour."""

READ_QR_CODE = """
import decodeQR from "qr/decode.js";
import { readFileSync } from "node:fs";
const [width, height] = process.argv.slice(1).map(Number);
process.stdout.write(decodeQR({ width, height, data: readFileSync(0) }));
"""


class Picture(NamedTuple):
    """What a PNG shows; `lines` are as in the file, each with its filter first."""

    width: int
    height: int
    channels: int
    lines: list[bytes]

    @classmethod
    def read(cls, png: bytes) -> "Picture":
        """Read a picture; anything but a PNG fails."""
        assert png.startswith(SIGNATURE)
        width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
        assert (depth, interlaced) == (8, 0)
        packed = zlib.decompress(_body(png))
        step = width * CHANNELS[colour] + 1
        lines = [packed[start : start + step] for start in range(0, len(packed), step)]
        return cls(width, height, CHANNELS[colour], lines)

    @property
    def pixels(self) -> bytes:
        """The pixels, line by line."""
        before, pixels = bytes(self.width * self.channels), bytearray()
        for kind, *line in self.lines:
            before = _unfiltered(kind, bytearray(line), before, self.channels)
            pixels += before
        return bytes(pixels)


def qr_text(png: bytes) -> str:
    """What a picture of a QR code says."""
    install_node_modules()
    picture = Picture.read(png)
    size = (str(picture.width), str(picture.height))
    return subprocess.run(
        [NODE, "--input-type=module", "--eval", READ_QR_CODE, *size],
        cwd=ROOT,
        input=picture.pixels,
        capture_output=True,
        check=True,
        timeout=TIMEOUT_S,
    ).stdout.decode()


def _body(png: bytes) -> bytes:
    """What the IDAT chunks hold together."""
    body, place = b"", len(SIGNATURE)
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            body += png[place + 8 : place + 8 + size]
        place += size + 12
    return body


def _unfiltered(kind: int, line: bytearray, above: bytes, channels: int) -> bytes:
    """Undo the filter of a line (RFC 2083, section 6)."""
    for place in range(len(line)):
        left = line[place - channels] if place >= channels else 0
        corner = above[place - channels] if place >= channels else 0
        up = above[place]
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        line[place] = (line[place] + guess) & 0xFF
    return bytes(line)


def _paeth(left: int, up: int, corner: int) -> int:
    middle = left + up - corner
    return min((left, up, corner), key=lambda near: abs(middle - near))
