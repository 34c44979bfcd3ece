"""What is worth saying to a server: seeds, and the fuzzer's dictionary.

Messages are the examples of `duologue spec`, so a new one is fuzzed from the start.
"""

import json
from functools import cache

from duologue.spec import document

ODD = (
    "",
    "\x00",
    "\ud7ff\ue000",
    "\U0001f469\u200d\U0001f469",
    "\u2028",
    "9007199254740992",
    "1e3",
    "-0",
    "1e999",
    "\\ud800",
    "\\u0000",
    "[" * 16,
    '{"type":',
)
"""What has broken programs before."""

HTTP = (
    "GET / HTTP/1.1\r\n",
    "HEAD /ws HTTP/1.0\r\n",
    "POST /healthz HTTP/1.1\r\n",
    "GET http://a.example/shell.js?x HTTP/1.1\r\n",
    "Host: 127.0.0.1\r\n",
    "Origin: http://127.0.0.1\r\n",
    "Upgrade: websocket\r\n",
    "Connection: keep-alive, Upgrade\r\n",
    "Sec-WebSocket-Version: 13\r\n",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "Sec-WebSocket-Protocol: x, duologue.v1\r\n",
    "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    "Content-Length: 1\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n",
    "Accept-Encoding: gzip;q=0\r\n",
    'If-None-Match: W/"x", *\r\n',
    "X-Forwarded-For: 192.0.2.1, 2001:db8::1\r\n",
    'Forwarded: for="[2001:db8::1]:80";proto=https\r\n',
    "\r\n",
)
"""Lines of requests, to put together."""


@cache
def messages() -> list[bytes]:
    """Return every message that either side can say, as JSON."""
    return [
        json.dumps(example["payload"], separators=(",", ":"), ensure_ascii=False).encode()
        for message in document()["components"]["messages"].values()
        for example in message["examples"]
    ]


def dictionary() -> str:
    """Return words for the fuzzer to try, in libFuzzer's format."""
    fields: dict[str, None] = {}
    for message in messages():
        for name, value in json.loads(message).items():
            fields[f'"{name}":'] = fields[json.dumps(value)] = None
    words = [*fields, *ODD, *HTTP]
    return "".join(f'"{_escaped(word)}"\n' for word in words if word)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))
