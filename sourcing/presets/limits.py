"""What a preset makes of a case: limits, for each covered element, stage and whoever is held to it, and closures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.network.look_through import STAGES, seen_through
from sourcing.network.origins import offer_groups, owners_of_sites, stage_rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.presets import Preset, Requirement
    from sourcing.tables import Case

    Row = dict[str, str | float]


MINE = "mine"


class Rows(NamedTuple):
    """Rows of the tables groups and limits, and where each limit comes from."""

    groups: list[Row]
    limits: list[Row]
    places: list[str]


def rows_of(preset: Preset, case: Case) -> Rows:
    """Return the limits that a preset sets to a case, none for what the case has nothing of."""
    found = Rows([], [], [])
    for number, asked in enumerate((each for each in preset.requirements if each.limits), 1):
        rows = list(_limits(preset, asked, case))
        found.limits.extend(rows)
        found.places.extend([f"{preset.name}.toml requirements #{number}"] * len(rows))
        if rows and asked.member in preset.groups:
            name = _group(preset, asked)
            found.groups.extend({"group": name, "member": each} for each in sorted(preset.members(asked)))
    return Rows([*{(row["group"], row["member"]): row for row in found.groups}.values()], found.limits, found.places)


def closures_of(preset: Preset) -> tuple[list[Row], list[str]]:
    """Return the rows of closures of a preset, and where each comes from."""
    rows: list[Row] = []
    places = []
    for number, each in enumerate(preset.closures, 1):
        told: Row = {"source": each.source, "as_of": preset.as_of, "confidence": each.confidence, "note": each.name}
        days: Row = {"country": each.country, "from": each.since, "until": each.until}
        rows += [{"stops": stops} | days | told for stops in each.stops]
        places += [f"{preset.name}.toml closures #{number}"] * len(each.stops)
    return rows, places


def stages_of(requirement: Requirement, element: str, case: Case) -> list[str]:
    """Return the stages of a requirement that tell something of an element.

    Those are the mine, the stages of materials that hold the element, and those that origins are stated for, as far as
    any such material has come.
    """
    contents, offers = case["contents"], case["offers"]
    holds = contents.loc[contents["element"] == element, "material"]
    rank = stage_rank(case, holds)
    stated = case["origins"][case["origins"]["offer"].isin(offers.loc[offers["material"].isin(holds), "offer"])]
    known = {MINE, *(STAGES[int(each)] for each in rank if each >= 0), *stated["stage"]}
    return [each for each in requirement.stages if each in known and STAGES.index(each) <= rank.max()]


def elements_of(case: Case) -> list[str]:
    """Return the elements of a case, sorted."""
    return sorted(set(case["contents"]["element"]))


def _limits(preset: Preset, asked: Requirement, case: Case) -> Iterator[Row]:
    for element in preset.covered(elements_of(case)):
        for stage in stages_of(asked, element, case):
            for by, member in _held(preset, asked, case, stage):
                name = "-".join(part for part in (preset.name, asked.name, element, stage, member) if part)
                row: Row = {"limit": name, "measure": "share", "by": by, "member": member, "sense": asked.sense}
                if member == asked.member and member in preset.groups:
                    row |= {"member": _group(preset, asked)}
                row |= {"element": element, "stage": stage, "counted_in": asked.counted_in, "per": "year"}
                row |= {"counts": asked.counts}
                yield row | {"from": asked.since, "value": asked.value}


def _held(preset: Preset, asked: Requirement, case: Case, stage: str) -> list[tuple[str, str]]:
    """Return by what, and who, a requirement limits at a stage."""
    if asked.owned is not None:
        return [("source", code) for code in _owned(case, (stage, asked.by), preset.members(asked), asked.owned)]
    if asked.each_but:
        return [(asked.by, country) for country in sorted(countries_of(case) - preset.members(asked))]
    return [(asked.by, asked.member)]


def countries_of(case: Case) -> set[str]:
    """Return the countries that anything of a case could come from."""
    columns = (case["sites"]["country"], case["offers"]["made_in"], case["origins"]["country"])
    return set().union(*columns) - {""}


def _owned(case: Case, lens: tuple[str, str], members: frozenset[str], much: float) -> list[str]:
    """Return the offers, and the processes, of which the members own so much or more at a stage, seen by a lens."""
    offers, (stage, by) = offer_groups(case), lens
    sources = offers.assign(made=False, rank=stage_rank(case, case["offers"]["material"]).to_numpy())
    names, parts = seen_through(case, sources.reset_index(drop=True), stage, by)
    theirs = np.asarray(parts[:, [name in members for name in names]].sum(axis=1)).ravel()
    shut = [str(code) for code in case["offers"]["offer"].to_numpy()[theirs >= much]]
    own = owners_of_sites(case, case["processes"]["site"])["owner_country"].isin(members).to_numpy()
    return shut + [str(code) for code in case["processes"]["process"].to_numpy()[own]]


def _group(preset: Preset, asked: Requirement) -> str:
    """Return what the group is called in the case: a group of the case may have the name of the preset's."""
    return f"{preset.name} {asked.member}"
