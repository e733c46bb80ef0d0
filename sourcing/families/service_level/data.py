"""Limits on shortage: what their columns may say, a most and never a least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.limits import CONTRADICTS, each_limit, filled, no_least

if TYPE_CHECKING:
    from sourcing.tables.limits import Limit, Said


_OF_SOURCES = ("by", "member", "stage", "element")


def shortage_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on shortage; of others how it is counted."""
    if limit["measure"] != "shortage":
        repair = "write tonnes or element, or leave it blank"
        weighted = limit["counted_in"] == "weighted"
        return [("counted_in", "weighted is for a shortage", repair, CONTRADICTS)] if weighted else []
    said = no_least(limit)
    fact, repair = "what is not delivered comes from nobody", "leave it blank; site and material say what is counted"
    said += [(name, f"{fact}: {name} is for what arrives", repair, CONTRADICTS) for name in _OF_SOURCES if limit[name]]
    if filled(limit["priority"]):
        fact = "a limit on shortage does not give way: it says what may be missing"
        repair = "leave priority blank, and give a rule one that may be broken for a delivery"
        said.append(("priority", fact, repair, CONTRADICTS))
    return said


CHECKS = (DataCheck(("limits",), each_limit(shortage_columns)),)
