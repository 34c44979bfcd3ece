"""Which figures the picture of the results shows.

It is drawn in a process of its own (picture.py), by the Python that has matplotlib.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from benchmarks.results import Results
from benchmarks.servers import PEERS_PYTHON, ROOT, SERVERS
from benchmarks.table import ranked

_PANELS = (
    ("one", "chat", "messages_per_s", "messages/s, 1 in flight", 1.0),
    ("eight", "chat", "messages_per_s", "messages/s, 8 in flight", 1.0),
    ("eight", "chat", "p999_us", "p99.9 in ms, 8 in flight", 1e-3),
    ("idle", "beside", "idle_kb", "KB an idle connection", 1.0),
)


def draw(results: Results, path: Path) -> None:
    """Write the plot as SVG."""
    panels = []
    for scenario, run, name, title, scale in _PANELS:
        values = dict(ranked(results, scenario, run, name))
        bars = [
            (
                server.label.replace("`", "").replace("**", ""),
                server.role,
                values[server] * scale,
            )
            for server in SERVERS
            if server in values
        ]
        panels.append({"title": title, "bars": bars})
    path.parent.mkdir(exist_ok=True)
    subprocess.run(
        [PEERS_PYTHON, "-m", "benchmarks.picture", path.absolute()],
        cwd=ROOT,
        input=json.dumps(panels),
        text=True,
        check=True,
    )
