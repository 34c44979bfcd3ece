"""The results as a picture that can be read on light and on dark pages."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.results import Results
from benchmarks.servers import SERVERS, Server
from benchmarks.table import ranked

# Greys and hues of middling lightness stand out from white and from near-black alike.
_INK = "#7d8590"
_COLOURS = {"product": "#d9622b", "peer": "#5b8db8", "floor": "#8c959f"}
_PANELS = (
    ("one", "chat", "messages_per_s", "messages/s, 1 in flight", 1.0),
    ("eight", "chat", "messages_per_s", "messages/s, 8 in flight", 1.0),
    ("eight", "chat", "p999_us", "p99.9 in ms, 8 in flight", 1e-3),
    ("idle", "beside", "idle_kb", "KB an idle connection", 1.0),
)


def draw(results: Results, path: Path) -> None:
    """Write the plot as SVG."""
    _set_style()
    figure = Figure(figsize=(11, 5.6), layout="constrained")
    axes = figure.subplots(2, 2).flatten()
    for panel, (scenario, run, name, title, scale) in zip(axes, _PANELS, strict=True):
        bars = ranked(results, scenario, run, name)
        _draw_panel(panel, [(server, value * scale) for server, value in bars], title)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, format="svg", transparent=True, metadata={"Date": None})


def _set_style() -> None:
    mpl.rcParams["svg.fonttype"] = "none"
    # Without a salt, each drawing of the same figures would differ in its ids.
    mpl.rcParams["svg.hashsalt"] = "duologue"
    for what in ("text.color", "xtick.color", "ytick.color"):
        mpl.rcParams[what] = _INK


def _draw_panel(panel: Axes, bars: list[tuple[Server, float]], title: str) -> None:
    order = [server for server in SERVERS if server in dict(bars)]
    values = [dict(bars)[server] for server in order]
    names = [server.label.replace("`", "").replace("**", "") for server in order]
    colours = [_COLOURS[server.role] for server in order]
    drawn = panel.barh(names, values, color=colours, height=0.66)
    digits = 1 if max(values, default=0) < 1000 else 0
    panel.bar_label(drawn, [f"{value:,.{digits}f}" for value in values], padding=4)
    panel.set_title(title, loc="left", fontweight="bold")
    panel.invert_yaxis()
    panel.margins(x=0.18)
    panel.xaxis.set_visible(False)
    panel.tick_params(axis="y", length=0)
    panel.spines[:].set_visible(False)
