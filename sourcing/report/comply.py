"""How a plan stands to rule presets: as a screen, as a statement in Markdown, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from sourcing.audit.compliance import EMPTY, MET, MISSED, UNSHOWN
from sourcing.report.figures import share
from sourcing.report.lines import columns, heading, wrapped
from sourcing.report.names import DONE

if TYPE_CHECKING:
    from sourcing.answer.comply import Compliance
    from sourcing.audit.compliance import Standing
    from sourcing.presets import Preset, Requirement

LEGEND = (
    "met and not met: whatever is inside what nobody states an origin for; open: that decides. In brackets: before the "
    "rule is in force. Counted are arrivals of the calendar year, open orders included, opening stock not; what is "
    "recycled counts where it is recovered."
)
OF_USE = (
    "A rule that counts what is used is held against lots, kept apart as the plan says, or where the plan does not "
    "tell apart whom the rule is about, against one heap: all that lies at a place is mixed. Arrived is the share of "
    "what comes in. Opening stock counts in lots and heap, as unknown where no offer is named."
)
NO_ADVICE = "Worked out from the plan's own tables. No legal advice: whether a rule applies to you is not asked here."


class Block(NamedTuple):
    """What is said of one requirement: its words, and rows of element, stage, and a cell for each year."""

    words: str
    head: list[str]
    rows: list[list[str]]


def blocks(preset: Preset, standings: list[Standing]) -> list[Block]:
    """Return one block for each requirement that something in the case is held to."""
    found = []
    for asked in preset.requirements:
        own = [each for each in standings if each.requirement == asked.name]
        if own:
            years = sorted({each.year for each in own})
            pairs = dict.fromkeys((each.element, each.stage) for each in own)
            alike = [[each for each in own if (each.element, each.stage) == pair] for pair in pairs]
            rows = [row for some in alike for row in (_row(some, asked, years), *_beside(some, years))]
            found.append(Block(_words(asked), ["element", "stage", *map(str, years)], rows))
    return found


def _words(asked: Requirement) -> str:
    kind = "" if asked.limits else " (a benchmark to look at, no limit)"
    return f"{asked.name}: {asked.says}, from {asked.since}{kind}; {asked.source}"


def _row(own: list[Standing], asked: Requirement, years: list[int]) -> list[str]:
    by_year = {each.year: each for each in own}
    cells = [_cell(by_year[year], names=bool(asked.each_but)) if year in by_year else "" for year in years]
    kept = {"lots": ", lots", "heap": ", one heap", "": ""}[_basis(own)]
    return [own[0].element, DONE.get(own[0].stage, "made") + kept, *cells]


def _basis(own: list[Standing]) -> str:
    """Return which of the figures of what is used decides: lots or heap; blank of what is asked of arrivals."""
    if own[0].counts != "use":
        return ""
    return "heap" if all(each.lots is None for each in own) else "lots"


def _beside(own: list[Standing], years: list[int]) -> list[list[str]]:
    """Return rows of the other figures of what is asked of use: its share as one heap, and of what arrives."""
    by_year, rows = {each.year: each for each in own}, []
    others = {"": (), "heap": ("arrived",), "lots": ("heap", "arrived")}[_basis(own)]
    for figure in others:
        parts = [getattr(by_year.get(year), figure, None) for year in years]
        rows.append(["", {"heap": "one heap", "arrived": "arrived"}[figure], *(_known(part) for part in parts)])
    return rows


def _known(part: float | None) -> str:
    return "nothing" if part is None else _part(part)


def _cell(each: Standing, *, names: bool) -> str:
    """Return "met 36 %"; with ``names`` also who has most: "met 36 % CHN"."""
    if each.verdict == EMPTY:
        return "nothing"
    said = {MET: "met", MISSED: "not met", UNSHOWN: "open"}[each.verdict]
    part = _part(each.share)
    if each.verdict == UNSHOWN:
        part = f"{100 * each.share:.0f}-{100 * (each.counted + each.unsaid) / each.total:.0f} %"
    text = f"{said} {part} {each.member}" if names and each.counted > 0 else f"{said} {part}"
    return text if each.in_force else f"({text})"


def _part(value: float) -> str:
    return "0 %" if value <= 1e-9 else share(value)


def _silent(preset: Preset, held: set[str]) -> str:
    """Return which elements of the case it does not speak of, or that it speaks of none."""
    covered = set(preset.covered(sorted(held)))
    if not covered:
        return "Nothing to say: the tables (contents.csv) hold no element that it looks at."
    others = sorted(held - covered)
    return f"It does not speak of {', '.join(others)}." if others else ""


def render_compliance(found: Compliance, width: int) -> Text:
    """Return the screen."""
    held = set(found.plan.case["contents"]["element"])
    lines = [*wrapped(found.plan.question.question, width, style="bold"), Text("")]
    for preset, standings in found.found:
        lines += [heading(preset.name.upper(), preset.title)]
        lines += wrapped(f"{preset.source}; as of {preset.as_of}, {preset.confidence}", width, "  ", style="dim")
        for block in blocks(preset, standings):
            lines += wrapped(block.words, width, "  ", "  ")
            table = [block.head, *block.rows]
            lines += [Text(row) for row in columns(table, "l" * len(block.head), width, "    ")]
        for said in filter(None, (_silent(preset, held), preset.note)):
            lines += wrapped(said, width, "  ", "  ", style="dim")
        lines.append(Text(""))
    lines += wrapped(_legend(found), width, style="dim") + wrapped(NO_ADVICE, width, style="dim")
    return Text("\n").join(lines)


def _legend(found: Compliance) -> str:
    of_use = any(each.counts == "use" for _, standings in found.found for each in standings)
    return f"{LEGEND} {OF_USE}" if of_use else LEGEND


def statement(found: Compliance) -> str:
    """Return the same in Markdown, to hand on."""
    plan = found.plan
    held = set(plan.case["contents"]["element"])
    made = str(plan.manifest["created"])[:10]
    lines = [
        f"# How the plan stands to {len(found.found)} rule{'' if len(found.found) == 1 else 's'}",
        "",
        f"Plan of {made}, tables *{plan.case.name}*: {plan.question.question}",
        "",
    ]
    for preset, standings in found.found:
        lines += [f"## {preset.title}", ""]
        lines += [f"`{preset.name}`. Source: {preset.source}; as of {preset.as_of}, {preset.confidence}.", ""]
        for block in blocks(preset, standings):
            lines += [f"**{block.words}**", "", _line(block.head), _line(["---"] * len(block.head))]
            lines += [*map(_line, block.rows), ""]
        lines += [f"{said}\n" for said in (_silent(preset, held), preset.note) if said]
    lines += [f"{_legend(found)}\n", f"{NO_ADVICE} What stands behind it: `inputs/` of the plan and its `audit.json`."]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def compliance_as_json(found: Compliance) -> dict[str, Any]:
    """Return it as an object: presets, each with its standings."""
    return {
        "plan": str(found.plan.folder),
        "presets": [
            {
                "preset": preset.name,
                "title": preset.title,
                "source": preset.source,
                "as_of": preset.as_of,
                "standings": [{**asdict(each), "share": each.share, "verdict": each.verdict} for each in standings],
            }
            for preset, standings in found.found
        ],
    }
