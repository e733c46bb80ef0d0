"""The same question with another price of one offer: at which price it is bought, found by solving again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.answer.priorities import still_asked
from sourcing.answer.setting import network_of
from sourcing.answer.solved_again import solver_of
from sourcing.answer.without_limits import GAP
from sourcing.engine.formulation import formulate
from sourcing.engine.rounds import FEASIBILITY
from sourcing.engine.session import solver_of_variants
from sourcing.errors import StoppedEarly
from sourcing.outcome import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.plan import Plan

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

GRAM = 1e-6
_ROUNDS = 10
_HAIR = 1e-4
"""Part of a price by which it is missed to see what happens on either side."""
_SAME = 1e-9
_PROVEN = 1e-6
"""Part of a cost to which whole numbers are proven where no gap is allowed."""


class Trial(NamedTuple):
    """A price (USD/t) of the offer, the plan found at it, the tonnes of the offer it buys, and its cost.

    ``within`` is the part of the cost by which a better plan may be cheaper: that is not proven.
    """

    price: float
    values: Values
    tonnes: float
    cost: float
    within: float


class Entry(NamedTuple):
    """The price below which an offer is bought, and the trials a hair below and above; ``exact`` if they prove it."""

    price: float
    below: Trial
    above: Trial
    exact: bool

    @property
    def within(self) -> float:
        """The part of a cost to which the trials are proven, 0 if they are as closely as can be told."""
        most = max(self.below.within, self.above.within)
        return most if most > _PROVEN else 0.0


class Trials:
    """A plan's question, solved again at other prices of one offer."""

    def __init__(self, plan: Plan, offer: str) -> None:
        self._plan, self._offer, self._case = plan, offer, still_asked(plan)
        offers = self._case["offers"]
        self.asked = float(offers.loc[offers["offer"] == offer, "price"].iloc[0])
        self._tried: dict[float, Trial] = {}
        self.form = self._formulated(self.asked)
        self.options = solver_of(plan, GAP)
        self._solved_as = self._solver(self.form)
        buy = self.form.columns["buy"]
        self.members = np.flatnonzero((buy.entities["offer"] == offer).to_numpy()[buy.code])
        self.ids = buy.ids[self.members]
        step = max(abs(self.asked), 1.0)
        dearer = self._formulated(self.asked + step)
        self.per_dollar = (dearer.objectives["cost"] - self.form.objectives["cost"]) / step
        self._counted = abs(dearer.matrix - self.form.matrix).sum() > 0

    def _formulated(self, price: float) -> Formulation:
        """Return the question with another price of the offer, its own tiers' prices in proportion."""
        offers, tiers = self._case["offers"], self._case["tiers"]
        part = price / self.asked if self.asked else 1.0
        tables = {
            "offers": offers.assign(price=offers["price"].where(offers["offer"] != self._offer, price)),
            "tiers": tiers.assign(price=tiers["price"].where(tiers["offer"] != self._offer, part * tiers["price"])),
        }
        return formulate(network_of(self._plan.question, self._case.replace(tables)))

    def _solver(self, form: Formulation) -> Callable[[Formulation], Solution]:
        return solver_of_variants(form, tuple(self._plan.question.objective.minimize), self.options)

    def _priced(self, price: float) -> Formulation:
        """Return the program at a price: other costs of the same columns, unless a rule counts what is spent."""
        if self._counted:  # nearly nothing instead of nothing: tiers of one price would be other columns
            return self._formulated(price or _HAIR * self.asked)
        cost = self.form.objectives["cost"] + (price - self.asked) * self.per_dollar
        return replace(self.form, objectives={**self.form.objectives, "cost": cost})

    def at(self, price: float) -> Trial:
        """Return the best plan at a price.

        Raises
        ------
        StoppedEarly : the solve was stopped.
        """
        if price not in self._tried:
            self._tried[price] = self._solved(price)
        return self._tried[price]

    def _solved(self, price: float) -> Trial:
        form = self.form if price == self.asked else self._priced(price)
        others = self._counted and price != self.asked
        solution = (self._solver(form) if others else self._solved_as)(form)
        if solution.status != "optimal":
            raise StoppedEarly(f"at USD {price:,.0f} a tonne the question has no answer ({solution.status})")
        values = Values(form, solution)
        cost = float(form.objectives["cost"] @ values.x)
        within = max(cost - solution.level("cost").bound, 0.0) / max(abs(cost), 1.0)
        return Trial(price, values, float(values.x[self.ids].sum()), cost, within)

    def enters(self) -> Entry | None:
        """Return the price at which the offer would be bought; None if it would not be even for nothing.

        The first guess is where the cheapest way to order it would pay for itself. Other prices may fit the same plan,
        so that the best plan at the guess may still go without it: then the price is found from below.
        """
        if not len(self.ids) or (free := self.at(0.0)).tonnes <= GRAM:
            return None
        now = self.at(self.asked)
        straight = not (self.form.whole.any() or self.form.cones)
        guess = self._pays(now) if straight else np.nan
        if 0 < guess <= self.asked and (found := self._around(guess)).exact:
            return found
        return self._around(self._from_below(free, now.cost))

    def _pays(self, trial: Trial) -> float:
        """Return the price below which some order of the offer would pay for itself at a trial's prices.

        Its reduced cost falls with the price by more than one to one where duty is charged on it. Orders that would
        leave more short do not count: no price makes up for that.
        """
        dual, levels = trial.values.solution.level("cost").row_dual, trial.values.solution.levels
        reduced = (trial.values.formulation.objectives["cost"] - self.form.matrix.T @ dual)[self.ids]
        prices = trial.price - reduced / self.per_dollar[self.ids]
        short = [level.column_dual[self.ids] > FEASIBILITY for level in levels if level.name == "shortage"]
        return float(np.max(np.where(short[0], -np.inf, prices) if short else prices))

    def _from_below(self, inside: Trial, without: float) -> float:
        """Return the price at which the best plan with the offer costs as much as the best without.

        The least cost is concave in the price, and what one plan costs a straight line: where that reaches the cost
        without, either nothing is cheaper, or another plan with less of the offer is, whose line goes on from there.
        """
        price = inside.price
        for _ in range(_ROUNDS):
            price = inside.price + (without - inside.cost) / float(self.per_dollar @ inside.values.x)
            trial = self.at(price)
            if trial.tonnes <= GRAM or trial.cost >= without - _SAME * abs(without):
                break
            inside = trial
        return min(price, self.asked)

    def _around(self, price: float) -> Entry:
        """Try a hair below and a hair above."""
        hair = max(_HAIR * price, 0.01)
        below, above = self.at(price - hair), self.at(price + hair)
        entry = Entry(price, below, above, exact=below.tonnes > GRAM >= above.tonnes)
        return entry._replace(exact=entry.exact and not entry.within)
