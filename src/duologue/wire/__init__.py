"""What crosses the WebSocket: messages, codes, frames. Pure: no I/O, no clock.

May import `errors` only. Everybody else may import it.
"""
