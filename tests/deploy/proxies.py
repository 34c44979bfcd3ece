"""The proxies that `deploy/` has samples for: each runs its sample, on ports of the test's own.

Of a sample only what stands in `changes` is changed, and each of those must be in it.
"""

import asyncio
import os
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.interop.processes import running
from tests.interop.tools import ROOT, find
from tests.support.certificate import self_signed
from tests.support.client import TIMEOUT_S

SAMPLES = ROOT / "deploy"
ATTEMPTS = 5
"""A port that was free may be taken when a proxy asks for it."""


class Recipe(NamedTuple):
    """How to run a sample.

    Attributes:
        sample: The file in `deploy/`.
        listens: What it says of where to listen, and what to say instead.
        changes: What else it says that only holds on a real machine.
        patience: What it says of how long a chat may be silent: for `IMPATIENT`.
        around: What to put around it, with SAMPLE in its place.
        command: How to run what came of it, with CONFIG in its place.
    """

    sample: str
    listens: tuple[str, str]
    changes: tuple[tuple[str, str], ...]
    patience: tuple[str, ...]
    around: str
    command: tuple[str, ...]


IMPATIENT_S = 10
"""For so long a chat may be silent where a test does not have ten minutes."""

RECIPES = {
    "nginx": Recipe(
        sample="nginx.conf",
        listens=("listen 443 ssl", "listen 127.0.0.1:PORT ssl"),
        changes=(
            ("    listen [::]:443 ssl http2;\n", ""),
            ("chat.example;", "127.0.0.1;"),
            ("/etc/ssl/chat.example.crt", "FOLDER/cert.pem"),
            ("/etc/ssl/chat.example.key", "FOLDER/both.pem"),
        ),
        patience=("proxy_read_timeout 10m", "proxy_send_timeout 10m"),
        around=(
            "daemon off; pid FOLDER/pid; error_log stderr; worker_processes 1; USER\n"
            "events {}\n"
            "http { access_log off; client_body_temp_path FOLDER/body; "
            "proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/fastcgi; "
            "uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;\nSAMPLE\n}"
        ),
        command=("-e", "stderr", "-c", "CONFIG"),
    ),
    "caddy": Recipe(
        sample="Caddyfile",
        listens=("\nchat.example {", "\nhttps://127.0.0.1:PORT {\n\ttls CERTIFICATE"),
        changes=(),
        patience=(),
        around="{\n\tadmin off\n\tauto_https disable_redirects\n}\nSAMPLE",
        command=("run", "--adapter", "caddyfile", "--config", "CONFIG"),
    ),
    "haproxy": Recipe(
        sample="haproxy.cfg",
        listens=("bind :443", "bind 127.0.0.1:PORT"),
        changes=(("/etc/ssl/chat.example.pem", "FOLDER/both.pem"),),
        patience=("timeout tunnel       10m",),
        around="SAMPLE",
        command=("-db", "-f", "CONFIG"),
    ),
}


@asynccontextmanager
async def before(
    port: int, name: str, folder: Path, *, is_impatient: bool = False
) -> AsyncIterator[int]:
    """Run a proxy before the server at a port until the block ends; tell its own port."""
    program = await asyncio.to_thread(find, name)
    self_signed(folder)
    for _ in range(ATTEMPTS):
        own = free_port()
        config = folder / RECIPES[name].sample
        config.write_text(written(RECIPES[name], folder, own, port, is_impatient))
        home = (f"{key}={folder}" for key in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"))
        arguments = (
            str(config) if word == "CONFIG" else word for word in RECIPES[name].command
        )
        log = folder / "log"
        with log.open("w+b", buffering=0) as output:
            command = ("env", *home, str(program), *arguments)
            async with running(*command, stdin=DEVNULL, stdout=output, stderr=output) as proxy:
                if await _answers(own, proxy):
                    yield own
                    return
    pytest.fail(f"{name} does not start: {log.read_text()}", pytrace=False)


def written(recipe: Recipe, folder: Path, own: int, port: int, is_impatient: bool) -> str:
    """Return a sample as it runs here."""
    sample = (SAMPLES / recipe.sample).read_text()
    changes = [recipe.listens, *recipe.changes, ("127.0.0.1:8080", f"127.0.0.1:{port}")]
    if is_impatient:
        changes += [(text, text.replace("10m", f"{IMPATIENT_S}s")) for text in recipe.patience]
    directives = "\n".join(
        line for line in sample.splitlines() if not line.lstrip().startswith("#")
    )
    for old, new in changes:
        assert directives.count(old) == 1, f"{recipe.sample} has {old!r} not once"
        directives = directives.replace(old, new)
    text = recipe.around.replace("SAMPLE", directives)
    text = text.replace("USER", "user root;" if os.geteuid() == 0 else "")
    text = text.replace("CERTIFICATE", "FOLDER/cert.pem FOLDER/both.pem")
    return text.replace("PORT", str(own)).replace("FOLDER", str(folder)) + "\n"


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _answers(port: int, process: asyncio.subprocess.Process) -> bool:
    """Wait until a proxy listens; it may end instead, because another has the port."""
    async with asyncio.timeout(TIMEOUT_S):
        while process.returncode is None:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return True
            await asyncio.sleep(0.05)  # It has no other way to tell.
    return False
