"""Pairs whose connections are reset again and again, and who must lose nothing.

Each person here is the client's own `Conversation`, on a connection as light as it can
be: that nothing is lost is the work of both ends. `run` is the way in.
"""
