"""What a machine carries: pairs of clients against any server of this protocol.

`load` says what to do, `run` does it and `report` holds what came out; `command` is
what `duologue bench` runs. A generator for itself: it has frames, links and loops of its
own, lean enough not to be the limit. Only where connections are dropped (`drops`) it
uses the client's conversation. May import `client`, `wire` and `errors`.
"""
