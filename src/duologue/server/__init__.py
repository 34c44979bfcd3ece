"""The asyncio side: carries out what the core decides.

`Server` is the whole of it for other programs. May import `core`, `wire`,
`config` and `errors`.
"""

from duologue.server.app import Server

__all__ = ["Server"]
