"""What a picture of a plan is about: which elements or materials, who goes short, and what the words below it say."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError
from sourcing.report.console import proof_words
from sourcing.report.names import country
from sourcing.report.shortage import opening
from sourcing.report.sources import LENSES, sources
from sourcing.tables.elements import same_words

if TYPE_CHECKING:
    from sourcing.plan import Plan
    from sourcing.report.sources import Sources

PANELS = 4
"""Elements or materials drawn where none is named, as on the screen."""

NO_SENSE, NOTHING = "QUESTION-218", "PLAN-006"

_COUNTRY = "Country means where it is made; where it was mined or refined may be another."


def chosen(plan: Plan, material: str | None) -> list[Sources]:
    """Return what is drawn: the one named, or as many as the screen shows.

    Raises
    ------
    QuestionError : QUESTION-218, there is none of that name; PLAN-006, nothing arrives at all.
    """
    found = sources(plan)
    if not found:
        raise nothing_to_draw(plan, "nothing arrives in this plan")
    if material is None:
        return found[:PANELS]
    asked = material.casefold()
    named = [block for block in found if asked in (block.name.casefold(), block.shown.what.casefold())]
    named += [block for block in found if same_words(material) in map(same_words, (block.name, block.shown.what))]
    if named:
        return named[:1]
    there = [block.shown.what for block in found]
    near = get_close_matches(material, there, 1)
    repair = f"did you mean {near[0]}?" if near else f"there are: {', '.join(there)}"
    raise QuestionError([Fault(f"--material {material}", "the plan counts nothing of this name", repair, NO_SENSE)])


def nothing_to_draw(plan: Plan, fact: str) -> QuestionError:
    """Return the fault of a plan that a picture could not be made of."""
    short = alarm(plan)
    said = f"{fact}. {short}" if short else fact
    return QuestionError([Fault(str(plan.folder or plan.question.name), said, "ask why: sourcing explain", NOTHING)])


def alarm(plan: Plan) -> str:
    """Return that the audit refuses a plan, or who goes short, as the screen says it; blank if neither is so."""
    if not plan.manifest["audit"]["clean"]:
        return "The audit does not agree with this plan"
    return "" if plan.tables["shortage"].empty else f"Short: {opening(plan)}"


def about(plan: Plan) -> tuple[str, ...]:
    """Return the question of a plan, and how sure its answer is."""
    return plan.question.question, f"Plan: {proof_words(plan.manifest)}."


def subject_notes(plan: Plan, material: str | None, *, traced: bool = False) -> tuple[str, ...]:
    """Return the sentences below a picture: its question, what is left out, what a country is unless traced."""
    left = [block.name for block in sources(plan)[PANELS:]] if material is None else []
    rest = (f"Not drawn: {', '.join(left)}; --material NAME draws one.",) if left else ()
    return (*about(plan), *rest, *(() if traced else (_COUNTRY,)))


def undrawn(plan: Plan, drawn: set[str], *measures: str) -> tuple[str, ...]:
    """Return a sentence on the limits of some measures that a picture has no line for: they count something else."""
    limits = plan.tables["limits"]
    limits = limits[limits["measure"].isin(measures) & (limits["sense"] == "max") & limits["by"].isin(LENSES)]
    left = sorted(set(map(str, limits["limit"])) - drawn)
    return (f"Limits that count otherwise and are not drawn (limits.csv): {', '.join(left)}.",) if left else ()


def country_words(group: str) -> str:
    """Return what a country is called; unknown and recycled are called that."""
    return country(group)
