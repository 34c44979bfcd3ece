"""The jitter run: people whose connections are reset again and again, and whose server dies.

Unlike the rest of the benchmarks it drives a part of the product, the client's own machine
(`duologue.client.conversation`): that nothing is lost is the work of both ends.
"""

from importlib.util import find_spec

if find_spec("duologue") is None:
    raise SystemExit("jitter: start it with the Python that Duologue is installed for")
