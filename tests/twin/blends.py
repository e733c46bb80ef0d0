"""What a limit on a grade averages: the inputs of the processes that make one material at one site."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Row
    from .network import Network

    Parts = list[tuple[float, float]]


def intakes(network: Network, limit: Row) -> dict[str, dict[str, Parts]]:
    """Return by site and process what a tonne of activity takes: (grade, tonnes) of each input that has a grade."""
    rows = network.tables["properties" if limit["property"] else "contents"]
    name, value = ("property", "value") if limit["property"] else ("element", "share")
    grades = {row["material"]: row[value] for row in rows if row[name] == limit[name]}
    found: dict[str, dict[str, Parts]] = defaultdict(dict)
    for process, row in network.processes.items():
        if limit["site"] not in ("", row["site"]) or limit["line"] not in ("", row["line"]):
            continue
        if limit["material"] and limit["material"] not in network.outputs(process):
            continue
        parts = [(grades[what], tonnes) for what, tonnes in network.inputs(process).items() if what in grades]
        if parts:
            found[row["site"]][process] = parts
    return found
