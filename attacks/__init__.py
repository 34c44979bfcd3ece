"""Attacks on a running server, and what a well-behaved pair notices of them.

`make attack` runs them all at full size; `tests/attacks` runs each in small. They
know a server only over the wire, and never leave this machine. See README.md.
"""
