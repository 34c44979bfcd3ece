"""Draws bars that can be read on light and on dark pages: `python -m benchmarks.picture FILE`.

What is drawn comes as JSON from plot.py. Only this file needs matplotlib.
"""

from __future__ import annotations

import json
import sys

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Greys and hues of middling lightness stand out from white and from near-black alike.
_INK = "#7d8590"
_COLOURS = {"product": "#d9622b", "peer": "#5b8db8", "floor": "#8c959f"}

Bars = list[tuple[str, str, float]]
"""Label, role and value."""


def main() -> None:
    """Write the plot as SVG."""
    _set_style()
    figure = Figure(figsize=(11, 5.6), layout="constrained")
    axes = figure.subplots(2, 2).flatten()
    for panel, asked in zip(axes, json.load(sys.stdin), strict=True):
        _draw_panel(panel, asked["title"], asked["bars"])
    figure.savefig(sys.argv[1], format="svg", transparent=True, metadata={"Date": None})


def _set_style() -> None:
    mpl.rcParams["svg.fonttype"] = "none"
    # Without a salt, each drawing of the same figures would differ in its ids.
    mpl.rcParams["svg.hashsalt"] = "duologue"
    for what in ("text.color", "xtick.color", "ytick.color"):
        mpl.rcParams[what] = _INK


def _draw_panel(panel: Axes, title: str, bars: Bars) -> None:
    values = [value for _, _, value in bars]
    colours = [_COLOURS[role] for _, role, _ in bars]
    drawn = panel.barh([label for label, _, _ in bars], values, color=colours, height=0.66)
    digits = 1 if max(values, default=0) < 1000 else 0
    panel.bar_label(drawn, [f"{value:,.{digits}f}" for value in values], padding=4)
    panel.set_title(title, loc="left", fontweight="bold")
    panel.invert_yaxis()
    panel.margins(x=0.18)
    panel.xaxis.set_visible(False)
    panel.tick_params(axis="y", length=0)
    panel.spines[:].set_visible(False)


if __name__ == "__main__":
    main()
