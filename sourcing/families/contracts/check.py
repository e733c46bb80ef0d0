"""Contracts, checked: what is called off is ordered, within the terms of what is signed, and paid as agreed."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.contracts.records import contracts, may_serve
from sourcing.replay import words
from sourcing.replay.lead import split
from sourcing.replay.rows import Charge, Residual, unless
from sourcing.replay.useful import all_of_use, useful

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.contracts.records import Contract
    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield "called" (offer, destination, mode, node), minimum and maximum by window, and what prepayments return."""
    called: dict[tuple[str, str, str, int], float] = defaultdict(float)
    for contract in contracts(facts):
        for destination, mode, n in _possible(facts, contract):
            tonnes = plan.decision("call", contract.contract, destination, mode, n)
            called[contract.offer, destination, mode, n] += tonnes
    for key, tonnes in called.items():
        ordered = plan.buy.get(key, 0.0)
        place = words.purchase(facts, key[:3], key[3])
        yield Residual("called", key, "<=", ordered - tonnes, ordered + tonnes, place)
    for contract in contracts(facts):
        taken: dict[int, float] = defaultdict(float)
        for destination, mode, n in _possible(facts, contract):
            taken[n] += plan.decision("call", contract.contract, destination, mode, n)
        yield from _terms(facts, plan, contract, taken)
        yield from _returned(facts, plan, contract, taken)
    yield from _of_use(facts, plan)


def _possible(facts: Facts, contract: Contract) -> Iterator[tuple[str, str, int]]:
    """Yield destination, mode and period of everything that can be called off."""
    for (offer, destination, mode), route in facts.routes.items():
        if offer == contract.offer and may_serve(facts, contract, destination):
            for n in facts.calendar.nodes:
                if contract.selling(facts, n) and facts.may_buy(route, n):
                    yield destination, mode, n


def _terms(facts: Facts, plan: Replay, contract: Contract, taken: dict[int, float]) -> Iterator[Residual]:
    """Yield the rows on minimum and maximum of each window."""
    code = contract.contract
    holds = 1.0 - plan.decision("leave", code, 0) if contract.signed else plan.decision("sign", code, 0)
    for window in contract.windows(facts):
        last, least = window.nodes[-1], contract.least(facts, window)
        amount = sum(contract.counted(facts, window, n) * taken.get(n, 0.0) for n in window.nodes)
        key, place = (code, window.name, last), f"contract {code}, up to {facts.calendar.label(last)}"
        if least > 0:
            given = amount + plan.decision("untaken", *key)
            asked = least * holds
            yield Residual("contract_minimum", key, ">=", given - asked, given + least, place, asked)
        if contract.maximum is not None:
            most = contract.maximum * contract.part(facts, window)
            given = most * holds
            left, grain = given - amount, unless(holds)
            yield Residual("contract_maximum", key, "<=", left, amount + most, place, given, grain)


def _returned(facts: Facts, plan: Replay, contract: Contract, taken: dict[int, float]) -> Iterator[Residual]:
    """Yield the rows on what a prepayment has paid for."""
    code, total, last = contract.contract, 0.0, list(facts.calendar.nodes)[-1]
    if not (found := _creditable(facts, contract)):
        return
    for n in found:
        tonnes = plan.decision("prepaid", code, n)
        total += tonnes * contract.price_in(facts, n)
        place = f"prepayment of contract {code}, {facts.calendar.label(n)}"
        yield Residual("credited", (code, n), "<=", taken[n] - tonnes, taken[n] + tonnes, place)
    place, paid = f"prepayment of contract {code}", contract.prepayment
    yield Residual("prepayment", (code, last), "<=", paid - total, paid + total, place, paid)


def _of_use(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "contract_use", in t, of what arrives anywhere under a contract that is to be signed."""
    own = [contract for contract in contracts(facts) if not contract.signed]
    most = all_of_use(facts, useful(facts)) if own else {}
    for contract in own:
        material, came = facts.records.offers[contract.offer].material, defaultdict[str, float](float)
        for destination, mode, n in _possible(facts, contract):
            route = facts.routes[contract.offer, destination, mode]
            for _, share in split(facts.calendar, facts.ordering(route, n)).parts:
                came[destination] += share * plan.decision("call", contract.contract, destination, mode, n)
        for destination, amount in came.items():
            if math.isfinite(room := most[destination, material]):
                bound = room * plan.decision("sign", contract.contract, 0)
                place = f"contract {contract.contract}, {destination}"
                key = (contract.contract, destination, facts.calendar.last)
                yield Residual("contract_use", key, "<=", bound - amount, bound + amount, place, grain=unless(bound))


def _creditable(facts: Facts, contract: Contract) -> list[int]:
    """Return the periods in which a prepayment can be returned."""
    if contract.prepayment <= 0:
        return []
    return sorted({n for _, _, n in _possible(facts, contract) if contract.price_in(facts, n) > 0})


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what contracts cost beyond the offers' prices, and what paying later is worth."""
    known = {contract.contract: contract for contract in contracts(facts)}
    for name in ("call", "prepaid", "untaken", "sign", "leave"):
        for key, value in plan.decided.get(name, {}).items():
            code, n = str(key[0]), int(key[-1])
            for head, each in _rates(facts, known[code], n)[name] if code in known else ():
                yield Charge(head, n, each * value, key)


def _rates(facts: Facts, contract: Contract, n: int) -> dict[str, list[tuple[str, float]]]:
    """Return by decision the heads it is charged under in period n, with USD per unit."""
    price, spot = contract.price_in(facts, n), facts.records.offers[contract.offer].price
    later = contract.later(facts) * price
    return {
        "call": [("contract", price - spot), ("payment", later)],
        "prepaid": [("prepayment", -price), ("payment", -later)],
        "untaken": [("untaken", (contract.take_or_pay or 0.0) * price)],
        "sign": [("signing", contract.fee), ("prepayment", contract.prepayment)],
        "leave": [("exit", contract.exit_cost or 0.0)],
    }


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield every decision that may be made, with the most that it can be."""
    for contract in contracts(facts):
        code, windows = contract.contract, contract.windows(facts)
        for destination, mode, n in _possible(facts, contract):
            yield "call", (code, destination, mode, n), math.inf
        for n in _creditable(facts, contract):
            yield "prepaid", (code, n), math.inf
        if windows and not contract.signed:
            yield "sign", (code, 0), 1.0
        if windows and contract.may_be_left:
            yield "leave", (code, 0), 1.0
        for window in windows if contract.take_or_pay is not None else ():
            if contract.least(facts, window) > 0:
                yield "untaken", (code, window.name, window.nodes[-1]), contract.least(facts, window)
