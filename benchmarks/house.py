"""The floor plan in figures: how much of a rule, a study or a measure lies in one place, and what imports in circles.

``python -m benchmarks.house [CHECKOUT]``. Whose a module is, is told by names: it lies in the folder of a rule or
study, is called like it elsewhere, or by a word below.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ALSO = {
    "average_lead": ("waits",),
    "awards": ("awarded", "most_awarded", "largest_awards"),
    "balance": ("surplus", "disposal", "disposed"),
    "capacity": ("capacities", "windows"),
    "duty": ("borders",),
    "hhi": ("indices", "concentration"),
    "lead_time": ("earliest", "lead", "first_arrival"),
    "origins": ("look_through",),
    "qualification": ("qualifying",),
    "service": ("short", "shortage", "shortfall", "unmet"),
    "stability": ("last", "frozen", "last_plan", "frozen_window"),
    "stock": ("levels",),
}
"""Words by which a rule goes elsewhere."""
NOT = {"amounts": ("amounts",), "lines": ("lines",), "orders": ("orders",)}
"""Words that mean something else outside the folder of a rule: the amounts, lines and orders of a screen."""
STUDIES = {
    "explain": "cli.explain run.explain report.explanation run.reasons why_not trials tonne tracing offers tonnes",
    "target": "target targets dialling targets_folder curve",
    "frontier": "frontier frontier_folder frontier_words trading weighing",
    "tornado": "tornado tornado_folder swings instead kept_orders doubting doubts doubt_words",
    "alternatives": "alternatives alternatives_folder different",
    "compare": "cli.compare side_by_side run.beside comparison rule_costs carbon_beside",
}
"""Words by which the modules of a study go where they do not lie in its folder; ``engine/`` has no part in them."""

IN_PLANS = {"shortage", "hhi"}
"""Measures that are an objective of questions too, or a table of plans."""


class Module:
    """One module: its dotted name, its lines, the strings in its code and what it imports of ours."""

    def __init__(self, path: Path, root: Path) -> None:
        parts = path.relative_to(root).with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.room = ".".join(parts[:-1])
        text = path.read_text("utf-8")
        self.lines, self.tree = len(text.splitlines()), ast.parse(text)
        self.words = {str(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Constant)}

    def imports(self, names: set[str]) -> set[str]:
        """Return the modules of ours that have to be there before it, so none for types alone or within calls."""
        found = set()
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = [f"{node.module}.{each.name}" for each in node.names]
                found |= {name if name in names else node.module for name in whole}
            elif isinstance(node, ast.Import):
                found |= {each.name for each in node.names}
        return (found & names) - {self.name}


def modules_of(checkout: Path) -> list[Module]:
    """Return every module of the product."""
    return [Module(path, checkout) for path in sorted((checkout / "sourcing").rglob("*.py"))]


def spread(modules: list[Module], homes: dict[str, str], words: dict[str, set[str]]) -> Iterator[tuple[str, int, int]]:
    """Yield of each subject its name, its lines at home and all its lines."""
    for subject, home in homes.items():
        lines = Counter[bool]()
        for each in modules:
            at_home = f"{each.name}.".startswith(f"{home}.")
            lines[at_home] += each.lines if at_home or _named(each, words[subject]) else 0
        yield subject, lines[True], sum(lines.values())


def _named(module: Module, words: set[str]) -> bool:
    _, *parts = module.name.split(".")
    apart = not parts or parts[0] in {"engine", "studies", "families"}
    return not apart and any(f".{word}." in f".{'.'.join(parts[-2:])}." for word in words)


def rules(modules: list[Module]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Return the folder of each rule, and the words by which it goes elsewhere."""
    names = {each.room.split(".")[2] for each in modules if each.room.startswith("sourcing.families.")}
    homes = {name: f"sourcing.families.{name}" for name in sorted(names)}
    words = {name: {name, name.removesuffix("s"), f"{name}s", *ALSO.get(name, ())} for name in homes}
    return homes, {name: mine - {*NOT.get(name, ())} for name, mine in words.items()}


def studies(modules: list[Module]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Return the folder of each study, and the words by which its modules went elsewhere."""
    return {name: f"sourcing.studies.{name}" for name in STUDIES}, {
        name: set(words.split()) for name, words in STUDIES.items()
    }


def measures(checkout: Path) -> set[str]:
    """Return the measures of limits whose names mean nothing else: no table, no column, and nothing of a plan."""
    tables = (path.read_text("utf-8").splitlines() for path in sorted((checkout / "sourcing").rglob("columns.csv")))
    rows = [row for table in tables for row in csv.reader(table)]
    elsewhere = {word for row in rows for word in (row[0], row[1], "")} | IN_PLANS
    return {row[9] for row in rows if row[:2] == ["limits", "measure"]} - elsewhere


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components of more than one node, by who reaches whom."""
    reach = {name: _reached(graph, name) for name in graph}
    found = {tuple(sorted(n for n in reach[name] if name in reach[n])) for name in graph if name in reach[name]}
    return sorted(map(list, found))


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return seen


def figures(checkout: Path) -> Iterator[str]:
    """Yield the figures of a checkout, a line each."""
    modules = modules_of(checkout)
    names = {each.name for each in modules}
    for what, (homes, words) in {"rule": rules(modules), "study": studies(modules)}.items():
        shares = list(spread(modules, homes, words))
        total = (f"every {what}", sum(home for _, home, _ in shares), sum(whole for *_, whole in shares))
        for subject, home, whole in [*shares, total]:
            yield f"{subject:>16}: {home:6,} of {whole:6,} lines in its folder, {home / max(whole, 1):4.0%}"
    measured = measures(checkout)
    naming = [each for each in modules if each.words & measured and not each.name.startswith("sourcing.families")]
    yield f"modules outside families that name a measure: {len(naming)} ({', '.join(sorted(measured))})"
    yield f"modules: {len(modules)}, lines: {sum(each.lines for each in modules):,}"
    largest = Counter(each.room for each in modules if not each.is_package).most_common(4)
    yield f"largest packages: {', '.join(f'{room} {count}' for room, count in largest)}"
    found = circles({each.name: each.imports(names) for each in modules})
    yield f"circles of imports: {len(found)}"
    yield from ("  " + " <-> ".join(circle) for circle in found)


if __name__ == "__main__":
    print("\n".join(figures(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent)))  # noqa: T201
