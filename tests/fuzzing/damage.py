"""Structure-aware mutation: one thing, sometimes two, done to a file of a case, a question or a plan."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from cases.damage import damaged_bytes, damaged_grid
from cases.seeds import any_bytes, any_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from fuzzing.ground import Ground

HOSTILE = (
    *("\x1b[2J\x1b[H", "\x1b]8;;file://x.test\x07here\x1b]8;;\x07", "\u202eevil", "\u2066x\u2069"),
    *("a\rb", "a\x85b", "\ufeffx", "a\0b", "a\u2028b"),
    *("</SCRIPT><img src=x onerror=alert(1)>", "<!--", "[bold]x[/bold]", "{0.__class__}", "%s%n", "$(id)", "`id`"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''", "NULL", "NaN", "1e400", "-0", "0x10", "१२", "x" * 5000),
    *("../outside/secret.csv", "../outside/secret", "/etc/passwd", "/dev/zero", "..", ".", ""),
    *(" ", "con", "a/b", "a\\b"),
)  # fmt: skip
"""Text that means something to a terminal, a browser, a spreadsheet, a shell or a file system."""
DEEP = 20_000
"""How deep brackets go where a reader may follow them one by one."""
LARGE = 3 << 30
"""Bytes of a file that has nothing in it, and room for nothing on the disk."""


def text_like(chance: Random, ground: Ground) -> str:
    """Return text that a file may have in place of another."""
    beside = [str(ground.outside / name) for name in ("offers.csv", "secret.toml", "secret.json", "other")]
    return chance.choice([chance.choice(HOSTILE), chance.choice(HOSTILE), any_text(chance, 12), chance.choice(beside)])


def value_like(chance: Random, ground: Ground) -> Any:
    """Return a value that a JSON or TOML file may have in place of another."""
    text = text_like(chance, ground)
    other = (None, True, [], {}, [text], {"a": text}, [[]], 0, -1, 1e308, 10**30, "2027-13-01", "2027-01-01", text)
    return chance.choice([*other, text, text])


def damaged_json(path: Path, chance: Random, ground: Ground) -> None:
    """Drop, rename, retype or repeat something in a JSON file, or break it."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        return _any_content(path, chance, ground)
    places = list(_places(content))
    if not places or chance.random() < 0.05:
        path.write_text(
            chance.choice(["[" * DEEP, '{"a":' * DEEP, "null", "[]", "{}", '"x"', "1e400", "[NaN]", ""]), "utf-8"
        )
        return None
    holder, key = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[text_like(chance, ground)] = holder.pop(key)
    elif kind == 2 and isinstance(holder, list):
        holder.extend([holder[key]] * chance.choice([1, 1, 2000]))
    else:
        holder[key] = value_like(chance, ground)
    path.write_text(json.dumps(content), "utf-8")
    return None


def _places(content: Any) -> list[tuple[Any, Any]]:
    """Return every place in nested lists and objects: what holds it, and its key."""
    found, waiting = [], [content]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            waiting.append(holder[key])
    return found


def damaged_csv(path: Path, chance: Random, ground: Ground) -> None:
    """Change cells, rows and columns of a table, how it is saved, or put hostile text into it."""
    grid = [line.split(",") for line in path.read_text("utf-8", "replace").splitlines()] or [[""]]
    for _ in range(chance.choice([1, 1, 2])):
        if chance.random() < 0.5:
            row = chance.choice(grid)
            row[chance.randrange(len(row))] = text_like(chance, ground)
        else:
            grid = damaged_grid(grid, chance)
    path.write_bytes(damaged_bytes(grid, chance) if chance.random() < 0.3 else _plain(grid))


def _plain(grid: list[list[str]]) -> bytes:
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in grid)
    return "\n".join(quoted).encode("utf-8", "surrogatepass")


def damaged_toml(path: Path, chance: Random, ground: Ground) -> None:
    """Drop, repeat or rewrite lines of a question or a preset, with values of another type."""
    lines = path.read_text("utf-8", "replace").splitlines() or [""]
    at = chance.randrange(len(lines))
    key = lines[at].split("=")[0].strip()
    deep = [f"{key} = {'[' * DEEP}", f"{key} = {'{a=' * 2000}1{'}' * 2000}", f"{'a.' * 2000}a = 1", f"[{'a.' * 2000}a]"]
    said = json.dumps(value_like(chance, ground)).replace("null", "nan").replace("{}", "{ x = 1 }")
    more = (
        f"{key} = {said}",
        f"{key} = {said}",
        f"{key} = {said}",
        said,
        chance.choice(deep),
        any_text(chance, 40),
        "",
    )
    place = chance.randrange(3)
    lines[at : at + (place > 0)] = [lines[at]] * (place == 2) + [chance.choice(more)]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))


def _any_content(path: Path, chance: Random, ground: Ground) -> None:
    del ground
    path.write_bytes(any_bytes(chance, 300))


def damaged_place(path: Path, chance: Random, ground: Ground) -> None:
    """Put something else where a file was: nothing, a folder, a pipe, a link, a device, another file."""
    path.unlink()
    secret = chance.choice(sorted(each for each in ground.outside.rglob("*") if each.is_file()))
    other: tuple[Callable[[], object], ...] = (
        lambda: None,
        path.mkdir,
        lambda: os.mkfifo(path),
        lambda: path.symlink_to(secret),
        lambda: path.symlink_to(os.path.relpath(secret, path.parent)),
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to(path.name),
        lambda: _sparse(path),
        lambda: path.write_bytes(b""),
        lambda: shutil.copy(secret, path),
        lambda: path.with_name(path.name + "\x1b[2J").write_bytes(b"x"),
    )
    chance.choice(other)()


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGE)


BY_KIND = {".json": damaged_json, ".csv": damaged_csv, ".toml": damaged_toml}


def damage(path: Path, chance: Random, ground: Ground) -> str:
    """Do one thing to a file, and return what in a word."""
    kind = chance.random()
    done = damaged_place if kind < 0.15 else _any_content if kind < 0.2 else BY_KIND.get(path.suffix, _any_content)
    done(path, chance, ground)
    return done.__name__.strip("_")
