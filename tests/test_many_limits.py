"""Many limits: what they count and when is looked at once for all that are alike, and their rows are read together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question

from sourcing.answer.setting import ask
from sourcing.network import limits as resolving
from sourcing.question import edits
from sourcing.tables.screens import shares

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNT = 300
LIMIT = """[[limits]]
limit = "L{n}"
counts = "arrivals"
measure = "{measure}"
by = "country"
member = "{member}"
value = 0.{value}
"""


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count how often the parts of resolving and reading limits are gone through."""
    seen: dict[str, int] = {}

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            seen[name] = seen.get(name, 0) + 1
            return function(*given, **named)

        return counted

    for module, name in ((resolving, "_weight"), (resolving, "windows"), (shares, "_groups"), (edits, "parse_sheet")):
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    return seen


@pytest.mark.parametrize(
    ("measure", "members"), [("share", [""]), ("share", ["CHN", "AUS", "USA"]), ("tonnes", ["CHN"])]
)
def test_limits_when_hundreds_are_alike_then_are_looked_at_once(
    measure: str, members: list[str], tmp_path: Path, calls: dict[str, int]
) -> None:
    texts = [
        LIMIT.format(n=n, measure=measure, member=members[n % len(members)], value=90 + n % 9) for n in range(COUNT)
    ]
    tiny_case(tmp_path)
    setting = ask(write_question(tmp_path, "".join(texts)))
    assert len(setting.case["limits"]) == COUNT
    assert calls["parse_sheet"] == 1
    assert calls["_weight"] <= 2 * len(members)
    assert calls["windows"] <= 2
    assert calls.get("_groups", 0) <= 1


def test_limits_when_of_different_years_and_members_then_each_has_its_own_windows_and_members(tmp_path: Path) -> None:
    rows = [
        {"limit": "A", "measure": "tonnes", "by": "country", "member": "CHN", "value": 9},
        {"limit": "B", "measure": "tonnes", "by": "country", "member": "AUS", "value": 9, "from": "2028-01-01"},
        {"limit": "C", "measure": "tonnes", "by": "country", "member": "CHN", "value": 9, "per": "horizon"},
        {"limit": "D", "measure": "spend", "by": "country", "member": "AUS", "value": 9},
    ]
    tiny_case(tmp_path, limits=rows)
    net = ask(write_question(tmp_path)).network
    found = resolving.scopes(net.case, net.origins, net.tree, ("tonnes", "spend"))
    assert [scope.row for scope in found] == [0, 1, 2, 3]
    assert [scope.members for scope in found] == [["CHN"], ["AUS"], ["CHN"], ["AUS"]]
    assert [list(scope.window.label) for scope in found] == [["2027", "2028"], ["2028"], ["horizon"], ["2027", "2028"]]
    assert found[0].weight is found[2].weight
    assert found[1].window is not found[3].window
