"""What a check of the input and an audit of a plan found, in words and as JSON."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.characters import one_line
from sourcing.report.figures import money, tonnes
from sourcing.report.kinds import coded, counted, fault_lines
from sourcing.report.lines import heading, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.answer.check import CheckReport
    from sourcing.audit import Verdict

SHOWN = 20


def render_check(report: CheckReport, subject: str, following: str, width: int) -> Text:
    """Return the faults first, then what is worth knowing, the size of the case, and the command that follows."""
    lines: list[Text] = []
    if report.faults:
        lines.append(heading(_counted(f"{subject} cannot be used", counted(report.faults), "fault")))
        for line in fault_lines(report.faults):
            lines += wrapped(line.lstrip(), width, " " * (len(line) - len(line.lstrip())), "  ")
    else:
        lines.append(heading(f"{subject}: no faults"))
    if report.findings:
        lines += _listed("Worth knowing", [coded(finding) for finding in report.findings], "finding", width)
    if report.sizes:
        sizes = " · ".join(_rows(name, count) for name, count in report.sizes.items())
        lines += wrapped(f"Rows: {sizes}", width, "", "  ", style="dim")
    if not report.faults:
        lines.append(Text(one_line(f"Next: {following}")))
    return Text("\n").join(lines)


def _rows(table: str, count: int) -> str:
    """Return how many rows a table has, in words: "56 offers", "1 limit".

    >>> _rows("open_orders", 14), _rows("limits", 1), _rows("properties", 1)
    ('14 open orders', '1 limit', '1 property')
    """
    name = table.replace("_", " ")
    one = name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")
    return f"{count:,} {one if count == 1 else name}"


def check_as_json(report: CheckReport) -> dict[str, Any]:
    """Return a check as plain values."""
    return {
        "check": {
            "usable": not report.faults,
            "faults": [asdict(fault) for fault in report.faults],
            "findings": [plain(finding) for finding in report.findings],
            "sizes": dict(report.sizes),
        }
    }


def render_verdict(verdict: Verdict, folder: Path, width: int) -> Text:
    """Return the verdict on a plan in one line, what does not agree, and what was looked at."""
    if verdict.is_clean:
        lines = [heading("AUDIT", f"every balance, limit and invoice agrees: {folder}")]
    else:
        opening = f"AUDIT  {folder} does not agree with its own tables: {_rows('findings', verdict.found)}"
        lines = [heading(opening), *_entries(verdict.findings, width)]
    checked = " · ".join(f"{rule} {count:,}" for rule, count in verdict.checked.items() if count)
    lines += wrapped(f"Rows checked: {checked}", width, "  ", "  ") if checked else []
    lines += wrapped(_money_words(verdict), width, "  ", "  ")
    lines += [line for words in _day_words(verdict) for line in wrapped(words, width, "  ", "  ")]
    for head, amount in verdict.weighed.items():
        lines += wrapped(f"{head.capitalize()} (not money) added up again: {money(amount)}", width, "  ", "  ")
    return Text("\n").join(lines)


def _money_words(verdict: Verdict) -> str:
    """Return the totals by the names that they have in a plan; what was minimised where it is another number."""
    also = "" if verdict.minimised == verdict.today else f", {money(verdict.minimised)} minimised"
    return f"Money added up again: {money(verdict.paid)} as paid, {money(verdict.today)} at today's value{also}"


def _day_words(verdict: Verdict) -> list[str]:
    """Return what stock is day by day, which is no finding; and what own runs and shipments never came to."""
    said = None if verdict.daily is None else verdict.daily.said
    if said is None or not said.words:
        return []
    undone = f"{tonnes(said.not_done)} of own runs and shipments still wait for material at the end (waits.csv)"
    return [f"Day by day: {one_line(said.words)}", *([undone] if said.not_done > 0 else [])]


def verdict_as_json(verdict: Verdict, folder: Path) -> dict[str, Any]:
    """Return a verdict as plain values."""
    return {"audit": {"plan": str(folder), **verdict.as_dict()}}


def plain(finding: object) -> Any:
    """Return a finding as a dictionary if it has fields, else as its sentence."""
    return asdict(finding) if is_dataclass(finding) and not isinstance(finding, type) else str(finding)


def _listed(opening: str, entries: list[str], noun: str, width: int) -> list[Text]:
    return [heading(_counted(opening, len(entries), noun)), *_entries(entries, width)]


def _counted(opening: str, count: int, noun: str) -> str:
    return f"{opening}: {count:,} {noun}{'s' if count != 1 else ''}"


def _entries(entries: list[str], width: int) -> list[Text]:
    lines: list[Text] = []
    for entry in entries[:SHOWN]:
        lines += wrapped(entry, width, "  ", "  ")
    if len(entries) > SHOWN:
        lines.append(Text(f"  … {len(entries) - SHOWN} more; --json lists all of them"))
    return lines
