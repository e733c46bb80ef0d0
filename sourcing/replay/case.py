"""All records of a case, indexed the way the arithmetic looks them up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sourcing.replay import records as r
from sourcing.replay.once import WorkedOut
from sourcing.replay.reading import Record, read, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pandas import DataFrame


@dataclass(frozen=True)
class Records(WorkedOut):
    """The tables of a case.

    ``frames`` are the tables as they are, from which a family's check reads what is its own (``table``). ``origins`` is
    keyed by (offer, stage); ``ramps`` by ("offer", "process" or "line", code) and sorted by date; ``recipes`` maps a
    process to its quantities by material.
    """

    frames: Mapping[str, DataFrame]
    materials: Mapping[str, r.Material]
    contents: Mapping[tuple[str, str], float]
    properties: Mapping[tuple[str, str], float]
    sites: Mapping[str, r.Site]
    offers: Mapping[str, r.Offer]
    origins: Mapping[tuple[str, str], tuple[r.Origin, ...]]
    ramps: Mapping[tuple[str, str], tuple[r.Ramp, ...]]
    lanes: Mapping[r.LaneKey, r.Lane]
    tariffs: tuple[r.Tariff, ...]
    licences: tuple[r.Licence, ...]
    processes: Mapping[str, r.Process]
    lines: Mapping[str, r.Line]
    recipes: Mapping[str, Mapping[str, float]]
    demand: tuple[r.DemandRow, ...]
    stocks: Mapping[r.Point, r.Stock]
    open_orders: tuple[r.OpenOrder, ...]
    limits: Mapping[str, r.Limit]
    groups: Mapping[str, frozenset[str]]
    _read: dict[tuple[str, type], list[Any]] = field(default_factory=dict, compare=False, repr=False)
    """What ``table`` has read before: checks ask for the same rows of every period."""

    @classmethod
    def of(cls, frames: Mapping[str, DataFrame]) -> Records:
        """Read the frames of a case."""
        return cls(
            frames=frames,
            materials={row.material: row for row in read(frames, "materials", r.Material)},
            contents={(row.material, row.element): row.share for row in read(frames, "contents", r.Content)},
            properties={(row.material, row.property): row.value for row in read(frames, "properties", r.Property)},
            sites={row.site: row for row in read(frames, "sites", r.Site)},
            offers={row.offer: row for row in read(frames, "offers", r.Offer)},
            origins=_origins(read(frames, "origins", r.Origin)),
            ramps=_ramps(read(frames, "ramps", r.Ramp)),
            lanes={row.key: row for row in read(frames, "lanes", r.Lane)},
            tariffs=tuple(read(frames, "tariffs", r.Tariff)),
            licences=tuple(read(frames, "licences", r.Licence)),
            processes={row.process: row for row in read(frames, "processes", r.Process)},
            lines={row.line: row for row in read(frames, "lines", r.Line)},
            recipes=_recipes(read(frames, "recipes", r.Recipe)),
            demand=tuple(read(frames, "demand", r.DemandRow)),
            stocks={(row.site, row.material): row for row in read(frames, "stocks", r.Stock)},
            open_orders=tuple(read(frames, "open_orders", r.OpenOrder)),
            limits={row.limit: row for row in read(frames, "limits", r.Limit)},
            groups=_groups(read(frames, "groups", r.Member)),
        )

    def table(self, name: str, kind: type[Record]) -> list[Record]:
        """Return the rows of a table as records of any kind; columns that the kind does not name are left out."""
        if (name, kind) not in self._read:
            self._read[name, kind] = read(self.frames, name, kind)
        return list(self._read[name, kind])

    def told(self, name: str, kind: type[Record], columns: Sequence[str]) -> list[Record]:
        """Return the rows of a table as records, where any of some columns is filled in."""
        there = name in self.frames and not self.frames[name].empty
        return read({name: told(self.frames[name], *columns)}, name, kind) if there else []

    def country(self, site: str) -> str:
        """Return the country a site lies in."""
        return self.sites[site].country

    def known_as(self, country: str) -> frozenset[str]:
        """Return every name a row may use for a country: its code, the groups that hold it, and blank for any."""
        return self.once(Records._known_as, country)

    def _known_as(self, country: str) -> frozenset[str]:
        return frozenset({"", country} | {group for group, members in self.groups.items() if country in members})

    @cached_property
    def licences_of(self) -> Mapping[str, tuple[r.Licence, ...]]:
        """The licences that a country asks for, by country."""
        found: dict[str, list[r.Licence]] = defaultdict(list)
        for row in self.licences:
            found[row.country].append(row)
        return {country: tuple(rows) for country, rows in found.items()}

    @cached_property
    def following(self) -> tuple[r.Licence, ...]:
        """The licences that goods made in a country need wherever they are."""
        return tuple(row for row in self.licences if row.follows == "origin")

    @cached_property
    def licence_changes(self) -> list[date]:
        """The days on which any licence begins, or is no longer asked for."""
        return sorted({day for row in self.licences for day in (row.since, row.until) if day is not None})

    def on_line(self, line: str) -> list[str]:
        """Return the processes that share a line."""
        return [code for code, process in self.processes.items() if process.line == line]

    def intake(self, process: str) -> dict[str, float]:
        """Return t taken per t of activity, by material, as positive numbers."""
        return {material: -q for material, q in self.recipes.get(process, {}).items() if q < 0}

    def output(self, process: str) -> dict[str, float]:
        """Return t made per t of activity, by material."""
        return {material: q for material, q in self.recipes.get(process, {}).items() if q > 0}


def _origins(rows: list[r.Origin]) -> dict[tuple[str, str], tuple[r.Origin, ...]]:
    """Return what is stated of each offer at each stage."""
    found: dict[tuple[str, str], list[r.Origin]] = defaultdict(list)
    for row in rows:
        found[row.offer, row.stage].append(row)
    return {key: tuple(stated) for key, stated in found.items()}


def _ramps(rows: list[r.Ramp]) -> dict[tuple[str, str], tuple[r.Ramp, ...]]:
    """Return the ramp rows of each offer, process and line by date."""
    found: dict[tuple[str, str], list[r.Ramp]] = defaultdict(list)
    for row in sorted(rows, key=lambda ramp: ramp.since):
        owners = (("offer", row.offer), ("process", row.process), ("line", row.line))
        found[next((kind, code) for kind, code in owners if code)].append(row)
    return {key: tuple(ramps) for key, ramps in found.items()}


def _recipes(rows: list[r.Recipe]) -> dict[str, dict[str, float]]:
    """Return the quantities of each process by material."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        found[row.process][row.material] = row.quantity
    return dict(found)


def _groups(rows: list[r.Member]) -> dict[str, frozenset[str]]:
    """Return the members of each group."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.group].add(row.member)
    return {group: frozenset(members) for group, members in found.items()}
