"""Plans as one JSON object, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.report.rows import records

if TYPE_CHECKING:
    from sourcing.plan import Plan


def render_json(plan: Plan) -> dict[str, Any]:
    """Return a plan's folder, manifest and every table as plain lists and numbers; blanks are null."""
    return {
        "plan": {
            "folder": str(plan.folder) if plan.folder else None,
            "question": plan.question.question,
            "status": plan.manifest["status"],
        },
        "manifest": plan.manifest,
        "tables": {name: records(table) for name, table in plan.tables.items()},
    }
