"""Extent of a drawing: no word is cut where the fonts at hand are wider than Arial, and no room is added for none."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from sourcing import run
from sourcing.charts.extent import roomy
from sourcing.charts.labels import WIDER, width_of
from sourcing.charts.pictures import KINDS, draw
from sourcing.charts.save import rendered
from sourcing.studies.frontier.chart import draw as frontier
from sourcing.studies.target.chart import draw as curve
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.charts.theme import Picture

ROOT = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50">'
PAPER = '<rect width="100" height="50" fill="#FFFFFF"/>'
LONG = "Northern Rare Earth magnet blocks enter · Vacuumschmelze magnet blocks leave; 3 others fill up in 2029"


def drawing(*texts: str) -> str:
    return (
        f'{ROOT}{PAPER}<g transform="translate(40,0)"><g/><g transform="translate(10,5)">{"".join(texts)}</g></g></svg>'
    )


def text(words: str, at: float = 0, more: str = "", anchor: str = "start") -> str:
    return f'<text text-anchor="{anchor}" transform="translate({at},9){more}" font-size="10px">{words}</text>'


def view(svg: str) -> list[float]:
    return list(map(float, re.findall(r'viewBox="([^"]*)"', svg)[0].split()))


class Words(HTMLParser):
    """Measure every line of words by the groups around it."""

    def __init__(self) -> None:
        super().__init__()
        self.moved, self.text, self.ends = [0.0], {}, list[tuple[float, float, str]]()  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        moved = re.match(r"translate\(([^,]*),", given.get("transform") or "")
        if tag == "g":
            self.moved.append(self.moved[-1] + (float(moved[1]) if moved else 0.0))
        if tag == "text":
            self.text = {**given, "at": self.moved[-1] + (float(moved[1]) if moved else 0.0)}

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag == "g":
            self.moved.pop()
        if tag == "text":
            self.text = {}

    def handle_data(self, data: str) -> None:
        if self.text and "rotate" not in str(self.text["transform"]):
            size = float(str(self.text["font-size"]).removesuffix("px"))
            wide = WIDER * width_of(data, size, bold=self.text.get("font-weight") == "bold")
            first = self.text["at"] - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.text["text-anchor"]] * wide
            self.ends.append((first, first + wide, data))


def cut(svg: str) -> list[str]:
    """Return the words that reach out of a drawing."""
    found, (left, _, width, _) = Words(), view(svg)
    found.feed(svg)
    assert found.ends
    return [words for first, last, words in found.ends if first < left or last > left + width]


def test_words_with_room_then_leave_a_drawing_as_it_is() -> None:
    for svg in (drawing(), drawing(text("Dy")), drawing(text(LONG, more=" rotate(-90) translate(0,-3)"))):
        assert roomy(svg) == svg


@pytest.mark.parametrize(
    ("svg", "ends"),
    [
        (drawing(text(LONG)), (0, 50 + 1.2 * width_of(LONG, 10) + 4)),
        (drawing(text(f'<tspan>Dy</tspan><tspan x="0" dy="9">{LONG}</tspan>')), (0, 54 + 1.2 * width_of(LONG, 10))),
        (drawing(text("magnet blocks", 20, anchor="end"), text("Dy")), (66 - 1.2 * width_of("magnet blocks", 10), 100)),
        (drawing(text("R&amp;D &lt;1 t", 40)), (0, 94 + 1.2 * width_of("R&D <1 t", 10))),
        (drawing(text(LONG, anchor="middle")), (46 - 0.6 * width_of(LONG, 10), 54 + 0.6 * width_of(LONG, 10))),
    ],
)
def test_words_beyond_the_edge_then_widen_the_view_and_the_paper(svg: str, ends: tuple[float, float]) -> None:
    wider = roomy(svg)
    left, top, width, height = view(wider)
    assert (top, height) == (0, 50)
    assert ends[0] - 1 < left <= ends[0]
    assert ends[1] <= left + width < ends[1] + 1
    assert f'width="{width:.0f}" height="50" viewBox' in wider
    assert f'<rect x="{left:.0f}" width="{width:.0f}" height="50" fill' in wider
    assert cut(svg)
    assert not cut(wider)


def test_a_drawing_without_a_view_is_refused() -> None:
    with pytest.raises(ValueError, match="without a view"):
        roomy("<svg></svg>")


def test_no_picture_has_words_that_are_cut(tmp_path: Path) -> None:
    tiny_case(tmp_path, sites={"NEAR": {"name": "Near the end of the very long name of a site that nobody shortens"}})
    limit = '[[limits]]\nlimit = "one-country"\nmeasure = "share"\nby = "country"\nvalue = 0.8\n'
    question = write_question(tmp_path, limit)
    plan = run.optimize(question)
    pictures: list[Picture] = [draw(plan, kind) for kind in KINDS]
    pictures.append(curve(run.target(question, run.Sweep("one-country", None, None, 0.002))))
    pictures.append(frontier(run.frontier(question, run.Trade(("cost", "hhi"), 3, material="oxide"))))
    for picture in pictures:
        assert not cut(rendered(picture, ".svg").decode()), picture.kind
