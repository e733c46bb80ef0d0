"""What the columns of a limit may say where it is on the number of open facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.numbers import has_a_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables.grades import Said

_CODE = "DATA-132"
_OF_GOODS = ("site", "stage", "material", "element", "counted_in", "property", "line")
_LENSES = ("", "site", "country", "owner", "owner_country")


def facility_columns(limit: Mapping[str, object]) -> Said:
    """Return what contradicts in a limit on facilities."""
    said: Said = [
        (name, f"facilities are counted, and {name} is for goods", "leave it blank; name sites as member", _CODE)
        for name in _OF_GOODS
        if limit.get(name)
    ]
    by, member, value = limit["by"], limit["member"], limit["value"]
    if by not in _LENSES:
        said.append(("by", f"a facility has no {by}", "write site, country, owner or owner_country", _CODE))
    if member and not by:
        said.append(("by", "member is filled in but by is blank", "fill in by, such as site", _CODE))
    if limit["sense"] == "min" and by and not member:
        said.append(("member", "a least number needs a member", f"say which {by} it is for", _CODE))
    if limit["per"] not in ("", "period"):
        fact = "what is open is counted at every time, not over a window"
        said.append(("per", fact, "write period, or leave it blank", _CODE))
    if has_a_part(value):
        said.append(("value", f"{value:g} is no number of facilities", "write a whole number, such as 4", "DATA-104"))
    return said
