"""Decide-by dates of real options: the last day on which each can still be taken up and the plan stay as it is.

An option is what somebody has to be asked for before an order, a run or a delivery is possible: an approval, a contract
to be signed or left, a quotation that ends, an export licence, a facility to be opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sourcing.families.contracts.records import contracts
from sourcing.families.facilities.records import facilities
from sourcing.replay import words
from sourcing.replay.lead import whole_days
from sourcing.replay.qualification import qualifications

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sourcing.daily.orders import Order
    from sourcing.replay import Facts, Replay

APPROVAL, CONTRACT, LEAVING = "approval", "contract", "leaving"
QUOTATION, LICENCE, FACILITY = "quotation", "licence", "facility"
_MADE = 0.5
"""From what on a yes or no is a yes."""


class Option(NamedTuple):
    """An option that a plan takes up; ``option`` is its key, as in decisions.csv where it stands there.

    ``needed_on`` is the first day on which the plan uses it, ``decide_by`` the last on which it can be taken up for
    that. ``tonnes`` are ordered or run under it, None where nobody counts them; ``cost`` is what taking it up costs in
    USD.
    """

    kind: str
    option: str
    supplier: str
    material: str
    destination: str
    decide_by: date
    needed_on: date
    tonnes: float | None
    cost: float
    words: str


def options(facts: Facts, plan: Replay, dated: Sequence[Order]) -> list[Option]:
    """Return the options of a plan that have to be taken up within what is reported, the first one first.

    Parameters
    ----------
    dated : all orders of the plan.
    """
    every = [
        *_approvals(facts, plan),
        *_contracts(facts, plan, dated),
        *_quotations(facts, dated),
        *_licences(facts, dated),
        *_facilities(facts, plan),
    ]
    end = facts.calendar.reported_end
    found = [each for each in every if each.decide_by < end]
    return sorted(found, key=lambda each: (each.decide_by, each.kind, each.option))


@dataclass(frozen=True)
class _Offer:
    offer: str
    quoted_until: date | None = None


def quoted_until(facts: Facts) -> dict[str, date]:
    """Return by offer the last day on which its quotation can be accepted; none where it stands."""
    rows = facts.records.table("offers", _Offer)
    return {row.offer: row.quoted_until for row in rows if row.quoted_until is not None}


def _approvals(facts: Facts, plan: Replay) -> Iterator[Option]:
    """Yield each approval that anything is ordered or run under: it is there when that period begins."""
    begun = {key[:3] for key, value in plan.decided.get("qualify", {}).items() if value > _MADE}
    for key, row in qualifications(facts).items():
        kind, code, since = key
        moved = {n: tonnes for n, tonnes in _moved(plan, kind, code) if tonnes > 0 and row.is_needed(facts, n)}
        if key not in begun or not moved:
            continue
        first = facts.calendar.starts[min(moved)]
        yield Option(
            kind=APPROVAL,
            option="|".join(key),
            **_sold(facts, code if kind == "offer" else ""),
            destination="",
            decide_by=first - whole_days(row.days),
            needed_on=first,
            tonnes=sum(moved.values()),
            cost=row.cost,
            words=f"approval of {words.user(facts, (kind, code))}{f' as it is from {since} on' if since else ''}",
        )


def _moved(plan: Replay, kind: str, code: str) -> Iterator[tuple[int, float]]:
    """Yield t ordered of an offer, or run by a process, with its period; periods of an offer by several routes add."""
    if kind == "process":
        yield from ((n, tonnes) for (process, n), tonnes in plan.make.items() if process == code)
        return
    by_period: dict[int, float] = {}
    for (offer, _, _, n), tonnes in plan.buy.items():
        if offer == code:
            by_period[n] = by_period.get(n, 0.0) + tonnes
    yield from by_period.items()


def _contracts(facts: Facts, plan: Replay, dated: Sequence[Order]) -> Iterator[Option]:
    """Yield each contract that is signed, by its first call-off, and each that is left, on the first day."""
    start, quoted = facts.calendar.starts[0], quoted_until(facts)
    for row in contracts(facts):
        signs, leaves = (plan.decision(name, row.contract, 0) > _MADE for name in ("sign", "leave"))
        if not signs and not leaves:
            continue
        called = [each for each in dated if each.contract == row.contract]
        first = min((each.order_on for each in called), default=max(row.since or start, start)) if signs else start
        what = f"contract {row.contract} with {words.offered(facts, row.offer)}"
        yield Option(
            kind=CONTRACT if signs else LEAVING,
            option=row.contract,
            **_sold(facts, row.offer),
            destination="",
            decide_by=min(first, quoted.get(row.offer, first)) if signs else first,
            needed_on=first,
            tonnes=sum(each.tonnes for each in called),
            cost=row.fee + row.prepayment if signs else row.exit_cost or 0.0,
            words=what if signs else f"leaving {what}",
        )


def _quotations(facts: Facts, dated: Sequence[Order]) -> Iterator[Option]:
    """Yield each quotation that ends and that anything is ordered on: accepted with the first order at the latest."""
    for offer, last in quoted_until(facts).items():
        rows = [each for each in dated if each.offer == offer]
        if rows:
            first = min(each.order_on for each in rows)
            yield Option(
                kind=QUOTATION,
                option=offer,
                **_sold(facts, offer),
                destination="",
                decide_by=min(first, last),
                needed_on=first,
                tonnes=sum(each.tonnes for each in rows),
                cost=0.0,
                words=f"quotation of {words.offered(facts, offer)}, which ends on {last}",
            )


def _licences(facts: Facts, dated: Sequence[Order]) -> Iterator[Option]:
    """Yield each export licence that orders need: of a supplier, for a material and a destination."""
    asked: dict[tuple[str, str, str], list[tuple[date, Order]]] = {}
    for each in dated:
        if each.apply_by is not None:
            asked.setdefault((each.supplier, each.material, each.destination), []).append((each.apply_by, each))
    for (supplier, material, destination), rows in asked.items():
        goods = f"{supplier} {words.material(facts, material)} to {words.site(facts, destination)}"
        yield Option(
            kind=LICENCE,
            option=f"{supplier}|{material}|{destination}",
            supplier=supplier,
            material=material,
            destination=destination,
            decide_by=min(day for day, _ in rows),
            needed_on=min(each.order_on for _, each in rows),
            tonnes=sum(each.tonnes for _, each in rows),
            cost=0.0,
            words=f"export licence for {goods}",
        )


def _facilities(facts: Facts, plan: Replay) -> Iterator[Option]:
    """Yield each facility that is opened, on the first day of that period."""
    for (kind, code, n), value in plan.decided.get("opened", {}).items():
        if value > _MADE:
            day = facts.calendar.starts[n]
            run = sum(tonnes for (process, _), tonnes in plan.make.items() if kind == "process" and process == code)
            yield Option(
                kind=FACILITY,
                option=f"{kind}|{code}",
                supplier="",
                material="",
                destination="",
                decide_by=day,
                needed_on=day,
                tonnes=run if kind == "process" else None,
                cost=facilities(facts)[kind, code].opening,
                words=f"opening {words.user(facts, (kind, code))}",
            )


def _sold(facts: Facts, offer: str) -> dict[str, str]:
    """Return supplier and material of an offer; "" for none."""
    if not offer:
        return {"supplier": "", "material": ""}
    row = facts.records.offers[offer]
    return {"supplier": row.supplier, "material": row.material}
