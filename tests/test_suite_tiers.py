"""The cut of the suite into tiers, on measures that fit on the screen."""

from __future__ import annotations

from tiers import FILE, LONG_FILE, LONGEST, Spent, cost, cut, in_short, tiers


def spent(seconds: float, *fixtures: str, solves: int = 0) -> Spent:
    return Spent(seconds, solves, fixtures)


def test_test_when_it_takes_long_then_is_deep_and_the_rest_of_its_file_stays() -> None:
    deep, quick = cut({"a.py::test_long": spent(LONGEST + 1), "a.py::test_short": spent(0.1)})
    assert (deep, quick) == (["a.py::test_long"], ["a.py"])


def test_parameters_when_together_they_take_long_then_the_cheapest_stay() -> None:
    deep, _ = cut({f"a.py::test_each[{n}]": spent(0.1 + n) for n in range(3)})
    assert deep == ["a.py::test_each[2]"]


def test_shared_part_when_it_is_heavy_then_all_tests_that_need_it_are_deep_whichever_is_first() -> None:
    measures = {"a.py::(plans)": spent(LONG_FILE, solves=9), "a.py::test_alone": spent(0.1)}
    measures |= {f"a.py::test_{name}": spent(0.1, "plans", "tmp_path") for name in ("first", "second")}
    deep, quick = cut(measures)
    assert deep == ["a.py::test_first", "a.py::test_second"]
    assert quick == []


def test_shared_part_when_it_is_light_then_counts_once() -> None:
    measures = {"a.py::(plans)": spent(1.0)} | {f"a.py::test_{n}": spent(0.25, "plans") for n in range(4)}
    assert cost([name for name in measures if "::(" not in name], measures) == 2.0
    assert cut(measures) == ([], ["a.py"])


def test_file_when_its_tests_take_long_together_then_the_cheapest_stay_and_it_is_not_quick_if_one_solved() -> None:
    measures = {f"a.py::test_{n}": spent(2.0 + n / 10, solves=n) for n in range(3)}
    assert cut(measures) == (["a.py::test_2"], [])


def test_deep_tests_when_they_are_all_of_a_function_or_file_then_it_is_named() -> None:
    deep = ["a.py::test_x[1]", "a.py::test_x[2]", "a.py::test_y[1]", "b.py::test_z"]
    assert in_short(deep, [*deep, "a.py::test_y[2]"]) == ["a.py::test_x", "a.py::test_y[1]", "b.py"]


def test_tiers_when_read_then_no_file_is_quick_and_deep() -> None:
    assert FILE.exists()
    assert not set(tiers()["quick"]) & set(tiers()["deep"])
