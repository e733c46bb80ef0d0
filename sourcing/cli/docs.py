"""``sourcing docs``: read the documents that come with the package."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from sourcing import resources
from sourcing.terminal.options import AsJson
from sourcing.terminal.output import print_json, print_result

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.tables.dictionary import Column

EXAMPLE = "sourcing docs tables"
PLACE = 130

_TABLES, _DECISIONS = "tables", "decisions"
_FILLED = dict.fromkeys(("last_orders", "change_terms", "input_changes"), " (a question's [stability] fills it in)")
_PROVENANCE = ("source", "as_of", "confidence", "note")


def docs(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="A topic; without one, all topics are listed.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the topics of the documentation, or print one of them."""
    pages, decisions = _pages(), _decisions()
    if not topic:
        titles = {name: _title(page) for name, page in pages.items()}
        titles |= {_TABLES: "Every table, column and unit", _DECISIONS: "Why it is built as it is"}
        _show({"topics": titles}, f"{_listed(titles)}\n\nRead one: sourcing docs TOPIC", as_json=as_json)
        return
    known = pages | decisions
    if topic not in {*known, _TABLES, _DECISIONS}:
        near = get_close_matches(topic, [*pages, _TABLES, _DECISIONS], 1)
        raise typer.BadParameter(
            f"no topic {topic!r}; " + (f"did you mean {near[0]}?" if near else "see: sourcing docs")
        )
    if topic == _TABLES:
        text = _column_dictionary()
    elif topic == _DECISIONS:
        text = _listed({number: _title(page) for number, page in decisions.items()})
    else:
        text = known[topic].read_text("utf-8")
    _show({"topic": topic, "text": text}, text.rstrip(), as_json=as_json)


def _show(content: dict[str, object], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(content)
    else:
        print_result(words)


def _pages() -> dict[str, Path]:
    return {page.stem: page for page in sorted(resources.folder("docs").glob("*.md"))}


def _decisions() -> dict[str, Path]:
    """Return the records of decisions by their number: "0033"."""
    return {page.stem.partition("-")[0]: page for page in sorted((resources.folder("docs") / "adr").glob("*.md"))}


def _listed(titles: dict[str, str]) -> str:
    width = max(map(len, titles)) + 2
    return "\n".join(f"{name:<{width}}{titles[name]}" for name in sorted(titles))


def _title(page: Path) -> str:
    lines = page.read_text("utf-8").splitlines()
    return next((line.lstrip("# ") for line in lines if line.startswith("#")), page.stem)


def _column_dictionary() -> str:
    """Return the column dictionary as one list per table."""
    from sourcing.tables.dictionary import REQUIRED_TABLES, column_dictionary

    required = f"{', '.join(REQUIRED_TABLES[:-1])} and {REQUIRED_TABLES[-1]}"
    text = [f"A case needs {required}. Every table may also carry {', '.join(_PROVENANCE)}."]
    for table, columns in column_dictionary().tables.items():
        text.append(f"\n{table}{' (required)' if table in REQUIRED_TABLES else _FILLED.get(table, '')}")
        width = max(map(len, columns)) + 2
        text += [f"  {name:<{width}}{_column(column)}" for name, column in columns.items() if name not in _PROVENANCE]
    return "\n".join(text)


def _column(column: Column) -> str:
    kind = ", ".join(column.choices) or column.unit or column.type
    facts = [kind, "key" if column.key else "", "required" if column.required else ""]
    facts.append(f"default {column.default}" if column.default else "")
    return f"{column.meaning} ({'; '.join(filter(None, facts))})"
