"""The certificate of a stored plan: whether it holds, in exact fractions, and whether it is this plan's."""

from __future__ import annotations

from itertools import islice
from math import isinf
from typing import TYPE_CHECKING, Any

from sourcing.audit.cells import together
from sourcing.audit.check_certificate import Certificate
from sourcing.audit.verdict import money_slack, tonnes_slack
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pandas import DataFrame

CERTIFICATE = "certificate.json"
GONE = f"{CERTIFICATE}: manifest.json speaks of it, and it cannot be read; make the plan again: sourcing optimize"
_MOVED = {
    "buy": ("purchases", ("offer", "destination", "mode", "node"), "tonnes"),
    "ship": ("shipments", ("origin", "destination", "material", "mode", "node"), "tonnes"),
    "make": ("conversions", ("process", "node"), "tonnes"),
    "short": ("shortage", ("site", "material", "node"), "short"),
}
"""Columns of the program by the first part of their names: their table, what names a row of it, and the quantity."""
_SCHEMA = 1
_MOST = 9
"""Objectives of a certificate that are looked at; a plan has one or two."""
_SHOWN = 3
"""How many columns that differ are named one by one."""


def certified(content: Any, manifest: Mapping[str, Any], tables: Mapping[str, DataFrame]) -> Iterator[str]:
    """Yield a finding for all that does not hold of a certificate, or is not about this plan.

    Parameters
    ----------
    content : its plain values, of any shape: whoever sent the plan may have put anything there.
    """
    try:
        schema, found = content["schema"], Certificate({**content, "levels": content["levels"][:_MOST]})
    except Exception:  # plain values of a stranger's
        yield f"{CERTIFICATE}: is no certificate, a part has another shape; make the plan again: sourcing optimize"
        return
    if schema != _SCHEMA:
        yield f"{CERTIFICATE}: its schema is not {_SCHEMA}; read it with the version that wrote it"
    yield from (f"{CERTIFICATE}: {words}" for words in islice(found.findings, 2 * _SHOWN))
    yield from _objectives(found, manifest)
    yield from _claims(found, manifest)
    yield from _quantities(found, tables)


def _objectives(found: Certificate, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield a finding for each objective that does not come to what the plan says of it."""
    said = manifest.get("objective") or {}
    own = {"shortage": said.get("shortage"), "cost": said.get("cost", 0.0) + said.get("weighed", 0.0)}
    levels = {level.name: float(level.value) for level in found.levels}
    for name in sorted({*levels} - {*own}):
        yield f"{CERTIFICATE}: manifest.json knows no objective {name}"
    if not levels:
        yield f"{CERTIFICATE}: is about no objective"
    for name, value in levels.items():
        given = own.get(name)
        slack = (money_slack if name == "cost" else tonnes_slack)(value)
        if name in own and (given is None or not abs(given - value) <= slack):
            yield f"{CERTIFICATE}: {name} is {number(value)} there, manifest.json says {given}"


def _claims(found: Certificate, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield a finding for each statement of the manifest that is not that of the certificate."""
    own: dict[str, tuple[Any, ...]] = {"plan": ("proven" if found.kept else "claimed", None, None, None, None)}
    own |= {
        level.name: (
            level.claim,
            float(level.value),
            None if isinf(level.said) else level.said,
            level.cheapest,
            level.sliver,
        )
        for level in found.levels
    }
    said = {
        claim["of"]: tuple(claim.get(key) for key in ("claim", "value", "bound", "least", "sliver"))
        for claim in manifest.get("claims", [])
    }
    smooth = manifest.get("smooth") or {}
    told = [(level.cheapest, level.sliver) for level in found.levels if level.name == "cost"]
    if told and told[0] != (smooth.get("least"), smooth.get("sliver")):
        yield f"{CERTIFICATE}: least cost and sliver are {told[0]} there, manifest.json says otherwise in smooth"
    for name in sorted({*own, *said}):
        if own.get(name) != said.get(name):
            yield f"{CERTIFICATE}: says {own.get(name)} of {name}, manifest.json says {said.get(name)}"


def _quantities(found: Certificate, tables: Mapping[str, DataFrame]) -> Iterator[str]:
    """Yield a finding for the columns whose values are not the quantities of the plan's tables, the first of each."""
    for block, (table, key, quantity) in _MOVED.items():
        there = {name: x for name, x in zip(found.names, found.x, strict=True) if name.startswith(f"{block}[") and x}
        rows = together(table, tables)
        if rows is None or not {*key, quantity} <= {*rows} or rows[quantity].dtype.kind not in "iuf":
            continue
        names = (f"{block}[{','.join(map(str, row))}]" for row in rows[list(key)].itertuples(index=False))
        here = dict(zip(names, rows[quantity].tolist(), strict=True))
        other = [
            name
            for name in sorted({*there, *here})
            if not abs(there.get(name, 0.0) - here.get(name, 0.0)) <= tonnes_slack(max(there.get(name, 0.0), 1.0))
        ]
        for name in other[:_SHOWN]:
            values = there.get(name, 0.0), here.get(name, 0.0)
            yield f"{CERTIFICATE}: {name} is {number(values[0])} t there, {table}.csv says {number(values[1])} t"
        if len(other) > _SHOWN:
            yield f"{CERTIFICATE}: {len(other) - _SHOWN} more columns are not the quantities of {table}.csv"
