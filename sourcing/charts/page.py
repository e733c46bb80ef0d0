"""A picture as one page that needs nothing else: the drawing, what is under the pointer, and the table behind it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import vl_convert

from sourcing.charts.markup import data_block, escaped, fingerprint
from sourcing.report.rows import each

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.charts.theme import Picture

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src {}; img-src data:; base-uri 'none'; form-action 'none'"
)
"""Nothing is asked of any other place, and one script is run: the page's own, by its fingerprint."""

_STYLE = """
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif;
       color: #222; background: #fff; }
figure { margin: 0; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; margin: 1rem 0 2rem; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; border-bottom: 1px solid #d0d0d0; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
td.figure { white-space: nowrap; }
"""

_FIGURE = r"[^\w]*(USD )?[^\w]*\d"

_SCRIPT = """
const figure = document.getElementById("picture"), live = document.createElement("div");
const drawn = JSON.parse(document.getElementById("drawn").textContent);
vegaEmbed(live, drawn, { renderer: "svg", actions: false, ast: true, tooltip: true })
  .then(() => figure.replaceChildren(live)).catch(console.error);
"""
"""The same for every picture; the still drawing stays where scripts are not run. ``ast`` does without eval."""


def page(picture: Picture, svg: str, drawn: dict[str, Any], version: str) -> str:
    """Return the page of a picture that is also given as SVG and as Vega-Lite."""
    script = _bundle(version)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(fingerprint(script))}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(picture.headline)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<figure id="picture" role="img" aria-label="{escaped(picture.description)}">\n{svg}\n</figure>\n'
        f"{table(picture.table)}\n</main>\n"
        f'<script type="application/json" id="drawn">{data_block(drawn)}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


@cache
def _bundle(version: str) -> str:
    return str(vl_convert.javascript_bundle(_SCRIPT, vl_version=version))


def table(rows: pd.DataFrame) -> str:
    """Return the table behind a picture; columns of figures, with their sign or unit, stand on the right."""
    heads = [str(name) for name in rows.columns]
    sides = [' class="figure"' if rows[name].astype(str).str.match(_FIGURE).mean() > 0.5 else "" for name in heads]
    titles = "".join(f'<th scope="col"{side}>{escaped(name)}</th>' for name, side in zip(heads, sides, strict=True))
    lines = [
        "".join(f"<td{side}>{escaped(cell)}</td>" for cell, side in zip(row, sides, strict=True)) for row in each(rows)
    ]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    caption = "<caption>The table behind the picture</caption>"
    return f"<table>{caption}\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
