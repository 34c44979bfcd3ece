"""Asks a server over plain HTTP, and reads what metrics say."""

import asyncio
import re
from typing import NamedTuple

from duologue.config import Address
from duologue.server import Server
from tests.support.client import TIMEOUT_S


def ops_port(server: Server) -> int:
    """Say where a server answers operators, if that is apart from chat."""
    assert isinstance(server.ops_address, Address)
    return server.ops_address.port


class Answer(NamedTuple):
    """What came back; the names of fields are in lower case."""

    status: int
    fields: dict[str, str]
    text: str


async def fetch(
    port: int,
    path: str,
    *headers: str,
    method: str = "GET",
    host: str = "127.0.0.1",
    is_last: bool = True,
) -> Answer:
    """Ask once, and read to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ends = ("Connection: close",) if is_last and "Connection: Upgrade" not in headers else ()
    head = (f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, *ends, "", "")
    writer.write("\r\n".join(head).encode())
    try:
        async with asyncio.timeout(TIMEOUT_S):
            head_text = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head_text.strip().split("\r\n")
            fields = {
                name.lower(): value
                for name, _, value in (line.partition(": ") for line in lines)
            }
            size = 0 if method == "HEAD" else int(fields.get("content-length", "0"))
            body = await reader.readexactly(size)
    finally:
        writer.close()
    return Answer(int(first.split()[1]), fields, body.decode())


class Scrape(NamedTuple):
    """What metrics say.

    Attributes:
        values: By series, as it is written.
        kinds: By name: counter, gauge or histogram.
    """

    values: dict[str, float]
    kinds: dict[str, str]

    @classmethod
    def of(cls, text: str) -> "Scrape":
        """Read the text format."""
        values: dict[str, float] = {}
        kinds: dict[str, str] = {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                name, kind = line.split()[2:]
                kinds[name] = kind
            elif not line.startswith("#"):
                series, _, value = line.rpartition(" ")
                values[series] = float(value)
        return cls(values, kinds)

    def labels(self, name: str, label: str) -> set[str]:
        """Return all values of a label."""
        found = (
            re.fullmatch(rf'{name}{{.*{label}="([^"]*)".*}}', each) for each in self.values
        )
        return {match[1] for match in found if match}

    def label_names(self, name: str) -> set[str]:
        """Return the labels of a metric; a histogram's bounds are none."""
        names: set[str] = set()
        for series in self.values:
            bare, _, labels = series.partition("{")
            if bare in (name, f"{name}_bucket"):
                names.update(re.findall(r'(\w+)="', labels))
        return names - {"le"}
