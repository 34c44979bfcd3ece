"""Duologue: two people meet by a six-character code and chat.

The public parts are `duologue.server.Server` (a server in your own program)
and `duologue.config.Settings` (everything that can be set about it).
"""

__version__ = "0.1.0"
