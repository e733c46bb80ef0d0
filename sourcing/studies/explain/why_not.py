"""Why a plan does not buy an offer, or no more of it: the price at which it would, and what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import families
from sourcing.answer.solved_again import not_best
from sourcing.outcome.names import names_of, window_words, words_of
from sourcing.plan.totals import whole
from sourcing.reasons import Explanation
from sourcing.report.after_horizon import with_tail
from sourcing.studies.explain.offer_price import GRAM, Trials
from sourcing.studies.explain.offers import bought_words, closed_words, price_words, rule_words
from sourcing.tables.called import code_called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.card import Rule
    from sourcing.network import Network
    from sourcing.outcome import Values
    from sourcing.plan import Plan
    from sourcing.protocol import Block
    from sourcing.studies.explain.offer_price import Trial

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_CENT = 0.01
_TIGHT = 1e-6
RULES = ["rule", "subject", "period", "price"]
_PARTS = ["rule", "subject", "period", "limit", "column", "price", "shut"]


def why_not(plan: Plan, offer: str) -> Explanation:
    """Say at which price a plan would buy an offer and what else keeps it out, as found by solving again.

    Raises
    ------
    QuestionError : PLAN-004, there is no such offer.
    StoppedEarly : a solve was stopped.
    """
    offer = code_called(plan.case, "offers", offer, "PLAN-004")
    trials = Trials(plan, offer)
    mine, now = _bought(plan, offer), trials.at(trials.asked)
    note = not_best(plan, float(trials.form.money @ now.values.x), now.within)
    said = [note] if note else []
    name, closed = names_of(plan.case)["offer"][offer], when_closed(trials.form.network, offer)
    if len(mine):
        rules = _against(trials, now)
        table = mine[["destination", "mode", "period", "tonnes"]].reset_index(drop=True)
        words = [*bought_words(name, table), *rule_words(rules, more=True), *closed_words(closed), *said]
        return Explanation(words, {"bought": table, "what keeps it from more": rules})
    entry = trials.enters()
    rows = [(trials.asked, np.nan, np.nan)]
    if entry is not None:
        rows = [(trials.asked, entry.above.price, entry.below.price)]
    price = pd.DataFrame(rows, columns=["asked", "not_at", "bought_at"]).assign(
        enters=np.nan if entry is None else entry.price,
        tonnes=0.0 if entry is None else entry.below.tonnes,
        tonnes_above=0.0 if entry is None else entry.above.tonnes,
        exact=entry is not None and entry.exact,
        within=0.0 if entry is None else entry.within,
    )
    rules = _against(trials, now if entry is not None else trials.at(0.0), free=entry is None)
    words = [*price_words(name, price, with_tail(plan)), *rule_words(rules, more=False), *closed_words(closed), *said]
    return Explanation(words, {"price": price, "what keeps it out": rules, "when it cannot be ordered": closed})


def _bought(plan: Plan, offer: str) -> pd.DataFrame:
    """Return the purchases of an offer; where all of them come after the horizon, these."""
    told, every = (tables["purchases"] for tables in (plan.tables, whole(plan.tables)))
    mine = told[told["offer"] == offer]
    return mine if len(mine) else every[every["offer"] == offer]


def _against(trials: Trials, trial: Trial, *, free: bool = False) -> pd.DataFrame:
    """Return the rules that take something off what a tonne of the offer is worth, the most first.

    ``price`` is USD per tonne ordered, on the day of the order; of a limit it is what all its rows come to: a tonne
    also adds to the total that a share is a share of. Of an offer that nobody would take for nothing (``free``) all
    rules count that have no room for a tonne, with or without a price.
    """
    ruled = [rule for card in families.cards().values() for rule in card.rules if rule.name != "balance"]
    found = [_taken(trials, trial, rule, free) for rule in ruled if rule.name in trials.form.rows]
    if not any(len(part) for part in found):
        return pd.DataFrame(columns=RULES)
    rows = pd.concat([part for part in found if len(part)], ignore_index=True)
    whose = ["limit", "period", "column"]
    of_limit = rows[rows["limit"] != ""].sort_values("subject", ascending=False, kind="stable")
    summed = of_limit.groupby(whose, as_index=False).agg(
        rule=("rule", "first"), subject=("subject", "first"), price=("price", "sum"), shut=("shut", "any")
    )
    rows = pd.concat([rows[(rows["limit"] == "") & (rows["subject"] != "")], summed], ignore_index=True)
    subject, price = rows["subject"].where(rows["subject"] != "", rows["limit"]), rows["price"].clip(lower=0.0)
    counts = (rows["price"] > _CENT) | rows["shut"].astype(bool)
    table = (
        rows.assign(subject=subject, price=price)
        .loc[counts, RULES]
        .sort_values("price", ascending=False, kind="stable")
    )
    return table.drop_duplicates(["subject", "period"], ignore_index=True)


def _taken(trials: Trials, trial: Trial, rule: Rule, free: bool) -> pd.DataFrame:
    """Return what a rule's rows take off a tonne of each order of the offer; below 0: what they add."""
    values = trial.values
    form, tree = values.formulation, values.network.tree
    block = form.rows[rule.name]
    if not (rule.subject or "limit" in block.entities):
        return pd.DataFrame(columns=_PARTS)
    part = form.matrix[:, trials.ids].tocsr()[block.ids].tocoo()
    node = form.columns["buy"].node[trials.members[part.col]]
    dual = values.solution.level("cost").row_dual[block.ids][part.row]
    price = -dual * part.data / (tree.probability[node] * tree.discount[node])
    shut = free & bool(rule.subject) & (_full(trial, block.ids)[part.row] * part.data > 0)
    kept = np.flatnonzero((np.abs(price) > _CENT) | shut)
    called = [_called(values, rule, block, member) for member in part.row[kept].tolist()]
    subjects, periods, limits = zip(*called, strict=True) if called else ((), (), ())
    cells = (rule.name, subjects, periods, limits, part.col[kept], price[kept], shut[kept])
    return pd.DataFrame(dict(zip(_PARTS, cells, strict=True)))


def _called(values: Values, rule: Rule, block: Block, member: int) -> tuple[str, str, str]:
    """Return what a row is called, its period, and the limit it belongs to, if it is one of a limit's."""
    key = block.entities.iloc[block.code[member]]
    limit = str(key.get("limit", ""))
    if not rule.subject:
        return "", window_words(str(key["window"])), limit
    words = words_of(values, block, member)
    return rule.subject.replace(", {period}", "").format(**words), words["period"], limit


def _full(trial: Trial, ids: Ints) -> Reals:
    """Return of each row 1 where it has no room above, -1 where none below, else 0."""
    form = trial.values.formulation
    activity = form.matrix[ids] @ trial.values.x
    room = _TIGHT * np.maximum(np.abs(activity), 1.0)
    above, below = activity >= form.row_upper[ids] - room, activity <= form.row_lower[ids] + room
    full: Reals = above.astype(float) - below.astype(float)
    return full


def when_closed(net: Network, offer: str) -> pd.DataFrame:
    """Return when in the horizon an offer cannot be ordered, or only in vain: reason, from and until as periods."""
    offers = net.case["offers"]
    code = int(np.flatnonzero(offers["offer"] == offer)[0])
    routes = np.flatnonzero(net.routes["code"] == code)
    labels = [label for label, told in zip(net.tree.labels, net.tree.reported, strict=True) if told]
    columns = ["reason", "from", "until"]
    if not len(routes):
        reason = f"no lane leads from {net.case.label('sites', offers.iloc[code]['site'])} to where it is used"
        return pd.DataFrame([(reason, labels[0], labels[-1])], columns=columns)
    reasons = list(_reasons(net, code, routes))
    rows: list[tuple[str, str, str]] = []
    for at, reason in enumerate(reasons):
        if reason and rows and at and reasons[at - 1] == reason:
            rows[-1] = (reason, rows[-1][1], labels[at])
        elif reason:
            rows.append((reason, labels[at], labels[at]))
    return pd.DataFrame(rows, columns=columns)


def _reasons(net: Network, code: int, routes: Ints) -> Iterator[str]:
    """Yield for each period why nothing ordered in it can come of an offer by its routes; "" where something can."""
    offer, days = net.case["offers"].iloc[code], net.route_days
    landing, lead = days.landing[routes].min(axis=0), days.shortest[routes].min(axis=0)
    for node, most in enumerate(net.offer_capacity[code][net.tree.reported]):
        if most <= GRAM:
            if pd.notna(offer["start"]) and net.tree.end[node] <= offer["start"].to_datetime64():
                yield f"it can be ordered from {offer['start']:%Y-%m-%d} on"
            elif pd.notna(offer["end"]) and net.tree.start[node] >= offer["end"].to_datetime64():
                yield f"it can be ordered before {offer['end']:%Y-%m-%d} only"
            else:
                yield "it has no capacity then"
        elif landing[node] >= net.tree.horizon:
            yield f"what is ordered then takes {lead[node]:.0f} days and arrives after the horizon"
        else:
            yield ""
