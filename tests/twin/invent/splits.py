"""Draw a common split of a material, at the sites that want it or at any two."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_splits(plot: Plot) -> None:
    """Split one material alike at its sites, with more or less room; much of it where a site may do without."""
    choose, tables = plot.choose, plot.case.tables
    wanted: dict[str, set[str]] = {}
    for row in tables["demand"]:
        wanted.setdefault(row["material"], set()).add(row["site"])
    several = [material for material, sites in wanted.items() if len(sites) > 1]
    if not choose.chance(50):
        return
    material = choose.pick(several or list(wanted))
    other = choose.pick([row["site"] for row in tables["sites"] if row["site"] not in wanted[material]])
    sites, weighed = wanted[material] | ({other} if not several else set()), choose.chance(40) or not several
    for site in sorted(sites):
        weight = choose.pick([1, 2, 3]) if weighed else None
        within = choose.pick([0, 0.1, 0.4]) if several else 0.9
        plot.case.add("splits", split="alike", site=site, material=material, weight=weight, within=within)
