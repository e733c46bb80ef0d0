"""The audit itself: read the plan, ask every check, recompute every cell."""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from sourcing.audit import money
from sourcing.audit.binding import binding_table
from sourcing.audit.cells import book
from sourcing.audit.changes import changes_table
from sourcing.audit.concentration import concentration
from sourcing.audit.customs import customs_table
from sourcing.audit.days import dated_tables
from sourcing.audit.decisions import decisions_table, readable
from sourcing.audit.deliveries import broken_lots
from sourcing.audit.given_up import held
from sourcing.audit.legal import legal
from sourcing.audit.levels import levels
from sourcing.audit.look_through import look_through_table
from sourcing.audit.lots import lots_table
from sourcing.audit.moves import moves
from sourcing.audit.own_rules import own_rows, own_tables
from sourcing.audit.prices import prices
from sourcing.audit.promises import limits_table, slack_of
from sourcing.audit.smooth import smooth, spent
from sourcing.audit.used import recomputed, use_table
from sourcing.audit.used_shares import shares_of_use
from sourcing.audit.verdict import Verdict, shown
from sourcing.daily import day_by_day
from sourcing.replay import Charge, Facts, Replay, Residual, Terms
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pandas import DataFrame

    from sourcing.audit.cells import Book

_TENGRAMS, _GRAM = 1e-5, 1e-6


class Check(Protocol):
    """A family's ``check`` module; one that costs money also has ``charges(facts, plan)``.

    One that counts for something that is no money has ``weights(facts, plan)``.
    """

    def residuals(self, facts: Facts, plan: Replay, /) -> Iterator[Residual]:
        """Yield how far each row of the family is kept."""


def audit(
    tables: Mapping[str, DataFrame],
    terms: Terms,
    plan_tables: Mapping[str, DataFrame],
    manifest: Mapping[str, Any],
    checks: Sequence[Check] | None = None,
    duals: DataFrame | None = None,
) -> Verdict:
    """Compare a plan with what its tables say.

    Parameters
    ----------
    tables, terms : the case after the question's edits, every dictionary column present; its horizon and objective.
    plan_tables, manifest : those of the plan, own rules and binding only if it has any; the objective is recomputed.
    checks : the ``check`` modules of the families that are on; without it those of every family.
    duals : the rows of the model with their duals, as a saved plan has them; without them prices are not checked.
    """
    with _collecting_nothing():  # and what is worked out is gone before it ends
        return _verdict(Facts.of(tables, terms), (plan_tables, manifest, terms.smooth), checks, duals)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Let Python not look for rings among objects: there are none, and it would look through all of them many times."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _verdict(
    facts: Facts,
    plan_of: tuple[Mapping[str, DataFrame], Mapping[str, Any], float],
    checks: Sequence[Check] | None,
    duals: DataFrame | None,
) -> Verdict:
    """Return the verdict on a plan's tables and manifest; the last of ``plan_of`` is how far it may be smoothed."""
    plan_tables, manifest, asked = plan_of
    written, unread = book(facts, plan_tables)
    rows, refused = legal(facts, written)
    plan, checks = Replay.from_rows(readable(rows)), family_checks() if checks is None else checks
    promised = [*(row for check in checks for row in check.residuals(facts, plan)), *own_rows(facts, written)]
    charges, weights = (_charges(checks, what, facts, plan) for what in ("charges", "weights"))
    own, liked = money.by_head_and_node(charges), money.by_head_and_node(weights)
    cost, short = money.discounted(facts, own), money.weighted_shortage(facts, plan)
    kept, unasked = held(facts, manifest, promised)
    unasked += own_tables(written, manifest, promised)
    charged = own, charges, spent(manifest)
    findings = [*unread, *refused, *unasked, *broken(kept), *_recomputed(facts, plan, rows, promised, charged)]
    findings += [*decisions_table(facts, rows, checks), *money.weighed_table(facts, rows, liked)]
    daily = day_by_day(facts, plan)
    findings += [*dated_tables(facts, daily, written, plan_tables), *broken_lots(facts, plan, written)]
    weighed = money.discounted(facts, liked)
    findings += [*money.objective(manifest, cost, short, weighed), *prices(written, duals)]
    findings += smooth(facts, rows, manifest, asked, cost[0] + weighed[0])
    return Verdict(
        findings=shown(findings, len(findings)),
        found=len(findings),
        **_summary(promised),
        read={table: len(each) for table, each in written.items()},
        cost=_by_head(own),
        **money.totals(facts, own, liked),
        short=short[0],
        weighed=_by_head(liked),
        daily=daily,
    )


def _recomputed(
    facts: Facts,
    plan: Replay,
    rows: Book,
    promised: Sequence[Residual],
    charged: tuple[money.ByHead, list[Charge], float],
) -> Iterator[str]:
    """Yield a finding for each cell that is not what the arithmetic makes it."""
    yield from moves(facts, rows, _bills(charged[1]))
    yield from levels(facts, plan, rows)
    yield from money.cost_table(facts, rows, charged[0])
    figures = recomputed(facts, plan, rows)
    yield from concentration(facts, plan, rows, shares_of_use(facts, figures, rows))
    yield from look_through_table(facts, plan, rows)
    yield from limits_table(facts, plan, rows, promised)
    yield from use_table(figures, rows)
    yield from lots_table(facts, plan, rows)
    yield from customs_table(facts, plan, rows)
    yield from binding_table(facts, rows, promised, charged[2])
    yield from changes_table(facts, plan, rows)


def family_checks() -> list[Check]:
    """Return the ``check`` module of every family."""
    return cast("list[Check]", import_module("sourcing.families").checks())


def _charges(checks: Sequence[Check], what: str, facts: Facts, plan: Replay) -> list[Charge]:
    """Return the "charges" or the "weights" of the families that have any."""
    asked = [getattr(check, what) for check in checks if hasattr(check, what)]
    return [charge for each in asked for charge in each(facts, plan)]


def _bills(charges: Sequence[Charge]) -> dict[tuple[str, tuple[object, ...]], float]:
    """Return USD by head and column."""
    found: dict[tuple[str, tuple[object, ...]], float] = defaultdict(float)
    for charge in charges:
        found[(charge.head, charge.key)] += charge.amount
    return found


def _by_head(own: Mapping[tuple[str, int], tuple[float, float]]) -> dict[str, float]:
    """Return USD by head."""
    found: dict[str, float] = defaultdict(float)
    for (head, _), (amount, _) in own.items():
        found[head] += amount
    return dict(found)


def broken(promised: Sequence[Residual]) -> Iterator[str]:
    """Yield a sentence for each row that is not kept."""
    for row in promised:
        violation = row.violation
        if violation and not violation <= slack_of(row):
            sense = {"<=": "above what is allowed", ">=": "below what is asked", "==": "out of balance"}[row.kind]
            yield f"{row.place}: rule {row.rule}: the plan is {_amount(row)} {sense}"


def _amount(row: Residual) -> str:
    """Return by how much a row is broken with its unit, grams where tonnes would be hard to read."""
    if row.money:
        return f"{number(row.violation)} USD"
    return f"{number(row.violation)} t" if row.violation >= _TENGRAMS else f"{number(row.violation / _GRAM)} g"


def _summary(promised: Sequence[Residual]) -> dict[str, Any]:
    """Return how many rows of each rule were checked, and the largest violation of each."""
    checked: dict[str, int] = defaultdict(int)
    worst: dict[str, float] = defaultdict(float)
    for row in promised:
        checked[row.rule] += 1
        violation = row.violation
        worst[row.rule] = max(worst[row.rule], violation)
    return {"checked": dict(checked), "worst": dict(worst)}
