"""The rules of two people in a room. Pure: no I/O, no clock, no randomness.

Every input runs to completion at once, in the order in which it arrives.
May import `wire` and `errors`; the server imports it.
"""
