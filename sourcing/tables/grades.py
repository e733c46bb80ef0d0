"""What the columns of a limit may say where it is on a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Said = list[tuple[str, str, str, str]]
"""Column, fact, repair and code."""

_CODE = "DATA-132"
_OF_ARRIVALS = ("by", "member", "stage", "counted_in")


def grade_columns(limit: Mapping[str, object]) -> Said:
    """Return what contradicts in a limit on a grade, whose blend is taken in by processes and arrives from nowhere."""
    said: Said = [
        (name, f"a grade is an average over a blend, and {name} is for what arrives", "leave it blank", _CODE)
        for name in _OF_ARRIVALS
        if limit[name]
    ]
    if bool(limit["element"]) == bool(limit["property"]):
        both = "element and property are both filled in" if limit["element"] else "a grade of nothing"
        repair = "fill in element (of contents.csv) or property (of properties.csv), one of them"
        said.append(("property", both, repair, _CODE))
    if not limit["material"] and not limit["line"]:
        repair = "fill in material, what is made of it, or line, what it runs on"
        said.append(("material", "nothing says which blend it is", repair, _CODE))
    return said + _value(limit)


def _value(limit: Mapping[str, object]) -> Said:
    value = limit["value"]
    if not isinstance(value, float):
        return []
    if value == 0:
        repair = "write a grade above 0; to ban a material, remove the process that takes it"
        return [("value", "0 is no grade that a blend could have on average", repair, "DATA-104")]
    if limit["element"] and value > 1:
        return [("value", f"{value:g} is above 1", "write tonnes of the element per tonne, such as 0.02", "DATA-104")]
    return []
