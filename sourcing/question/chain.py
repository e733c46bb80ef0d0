"""The files of a question: the one asked for and those it extends, merged into one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sourcing.errors import Fault, QuestionError
from sourcing.question.schema import QuestionFile
from sourcing.resources import find_model, kind_of, model_names
from sourcing.tables.problems import did_you_mean, listed, quoted
from sourcing.tables.toml_file import LARGEST_NUMBER, read_toml, unreadable

LISTS = ("limits", "edits")
_INSTEAD = {"steps": ("periods", "length"), "periods": ("steps",), "length": ("steps",)}
"""Keys of [horizon] that say the same as others, which an earlier file may have written."""

_KEYS = {field.alias or name for name, field in QuestionFile.model_fields.items()}

MOST_FILES = 20
"""Files of a question that extend one another."""

CODES: dict[str, str] = {
    "QUESTION-201": "no such question",
    "QUESTION-202": "file that cannot be read",
    "QUESTION-203": "unknown key",
    "QUESTION-204": "missing key",
    "QUESTION-205": "value that will not do",
    "QUESTION-206": "questions that extend each other in a circle",
    "QUESTION-207": "no such case",
    "QUESTION-208": "limit named twice",
    "QUESTION-209": "unknown table or column",
    "QUESTION-210": "edit that matches no row",
    "QUESTION-211": "unknown family",
    "QUESTION-212": "change of a blank cell",
    "QUESTION-213": "family that no question can do without",
    "QUESTION-214": "no last plan, or one of another case",
    "QUESTION-215": "limit that cannot be a target",
    "QUESTION-216": "values that cannot be a target's",
    "QUESTION-217": "preset that is missing, broken, or speaks of nothing in the case",
    "QUESTION-218": "picture that cannot be drawn as asked",
    "QUESTION-219": "measures that cannot be weighed against each other",
    "QUESTION-220": "alternatives that cannot be asked for, or a plan that is not proven",
    "QUESTION-221": "ranges, kinds or a day that numbers cannot be moved by",
    "QUESTION-222": "plan with rules of an analyst's own, which are not in its question",
    "QUESTION-223": "character that is no letter",
    "QUESTION-224": "questions that extend each other through too many files",
}
"""Every code of a fault in a question; a code never changes its meaning. Edited tables keep their DATA codes."""


@dataclass(frozen=True)
class Layer:
    """One file of the chain."""

    path: Path
    text: str
    sha256: str
    data: dict[str, Any]


@dataclass
class Merged:
    """All files as one: ``origin`` says which file a key comes from, ``places`` where each limit and edit stands."""

    data: dict[str, Any] = field(default_factory=dict)
    origin: dict[tuple[str, ...], Path] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in LISTS})
    faults: list[Fault] = field(default_factory=list)

    def file(self, *keys: str) -> Path:
        """Return the file in which a key, or the nearest table that holds it, was last written."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self.origin:
                return self.origin[keys[:end]]
        return self.origin[()]


def find_question(name_or_path: str | Path) -> Path:
    """Return the file of a question: a path, or the name of a ready one.

    Raises
    ------
    QuestionError : there is neither such a file nor such a name.
    """
    path = Path(name_or_path)
    if kind_of(path) == "file":
        return path
    found = find_model(str(name_or_path))
    if found:
        return found
    names = model_names()
    otherwise = f"name a file, or one of {listed(names)}" if names else "name a TOML file"
    repair = did_you_mean(path.stem, names, otherwise)
    raise QuestionError([Fault(str(name_or_path), "there is no such question", repair, "QUESTION-201")])


def read_chain(path: Path) -> list[Layer]:
    """Return the files of a question, the one everything builds on first.

    Raises
    ------
    QuestionError : a file is missing or no TOML, the files extend each other in a circle, or are too many.
    """
    layers: list[Layer] = []
    while True:
        layer = _extended(path, layers[-1].path.name) if layers else _read(path)
        layers.append(layer)
        parent = layer.data.get("extends")
        if not isinstance(parent, str):
            return layers[::-1]
        path = _parent(layer.path, parent)
        if any(path.samefile(known.path) for known in layers):
            chain = " -> ".join([known.path.name for known in layers] + [path.name])
            fact = f"the questions extend each other in a circle: {chain}"
            raise QuestionError([Fault(f"{layer.path.name}, extends", fact, "remove one extends", "QUESTION-206")])
        if len(layers) == MOST_FILES:
            fact = f"the question extends more than {MOST_FILES - 1} others, one after the other"
            repair = "put what they say into fewer files"
            raise QuestionError([Fault(f"{layer.path.name}, extends", fact, repair, "QUESTION-224")])


def merge(layers: list[Layer]) -> Merged:
    """Return all files as one: tables key by key, the last one wins; limits and edits one after the other.

    A limit with the name of an earlier file's limit replaces it.
    """
    merged = Merged()
    for layer in layers:
        merged.origin[()] = layer.path
        for name in LISTS:
            entries = layer.data.get(name, [])
            if isinstance(entries, list):
                _append(merged, name, entries, layer)
            else:
                place, repair = f"{layer.path.name}, {name}", f"write [[{name}]] above the keys of each"
                merged.faults.append(Fault(place, "it is no list", repair, "QUESTION-205"))
        rest = {key: value for key, value in layer.data.items() if key not in LISTS}
        _give_way(merged.data.get("horizon"), rest.get("horizon"))
        _overlay(merged, merged.data, rest, layer.path, ())
    return merged


def read_from(layers: list[Layer], merged: Merged) -> dict[str, Any]:
    """Return what a question remembers of the files it was read from."""
    last = layers[-1]
    return {
        "name": last.path.stem,
        "path": last.path.resolve(),
        "text": last.text,
        "files": {layer.path.name: layer.sha256 for layer in layers},
        "limit_places": merged.places["limits"],
        "edit_places": merged.places["edits"],
    }


def _overlay(merged: Merged, onto: dict[str, Any], data: dict[str, Any], path: Path, at: tuple[str, ...]) -> None:
    for key, value in data.items():
        merged.origin[(*at, key)] = path
        if isinstance(value, dict) and isinstance(onto.get(key), dict):
            _overlay(merged, onto[key], value, path, (*at, key))
        elif isinstance(value, dict):
            onto[key] = {}
            _overlay(merged, onto[key], value, path, (*at, key))
        else:
            onto[key] = value


def _give_way(earlier: object, later: object) -> None:
    """Take out of an earlier file's horizon what a later one says in other keys."""
    if isinstance(earlier, dict) and isinstance(later, dict):
        for key in (instead for name in later for instead in _INSTEAD.get(name, ())):
            earlier.pop(key, None)


def _append(merged: Merged, name: str, entries: list[Any], layer: Layer) -> None:
    kept, places = merged.data.setdefault(name, []), merged.places[name]
    earlier = len(kept)
    known = {code: at for at, entry in reversed([*enumerate(kept)]) if (code := _named(name, entry))}
    for number, entry in enumerate(entries, start=1):
        place = f"{layer.path.name} {name} #{number}"
        code = _named(name, entry)
        same = known.setdefault(code, len(kept)) if code else len(kept)
        if same == len(kept):
            kept.append(entry)
            places.append(place)
        elif same < earlier:
            kept[same], places[same] = entry, place
        else:
            fact = f"limit '{code}' is already {places[same]}"
            merged.faults.append(Fault(f"{place}, limit", fact, "give one of the two another name", "QUESTION-208"))


def _named(name: str, entry: object) -> str | float:
    """Return the name of a limit; "" for one without, and for an edit."""
    limit = entry.get("limit") if name == "limits" and isinstance(entry, dict) else None
    return limit if isinstance(limit, str | int | float) else ""


def _parent(path: Path, name: str) -> Path:
    for beside in with_either_slash(path.parent, name):
        for candidate in (beside, beside.with_name(f"{beside.name}.toml")):
            if kind_of(candidate) == "file":
                return candidate
    found = find_model(name)
    if found:
        return found
    known = [file.stem for file in path.parent.glob("*.toml")]
    repair = path_repair(name) or did_you_mean(Path(name).stem, known, "write a path relative to this file")
    fact = f"there is no question {quoted(name)}"
    raise QuestionError([Fault(f"{path.name}, extends", fact, repair, "QUESTION-201")])


def with_either_slash(folder: Path, name: str) -> list[Path]:
    """Return the path of ``name`` in a folder, and the same with the backslashes of Windows read as slashes."""
    names = dict.fromkeys((name, name.replace("\\", "/")))
    return [folder / one for one in names if one.strip() and "\0" not in one]


def path_repair(name: str) -> str:
    """Return what to do about a path in which a backslash has become a line break or a tab, "" for any other."""
    return "" if name.isprintable() else "write the path with /, or in single quotes: in double ones \\ has a meaning"


def _extended(path: Path, by: str) -> Layer:
    """Return a question that another file names; of anything else it says no more than that it is none.

    Raises
    ------
    QuestionError : it is no question.
    """
    layer = _read(path, foreign=True)
    own = _KEYS & set(layer.data)
    if 2 * len(own) <= len(layer.data):
        why = "its keys are those of something else" if layer.data else "it says nothing"
        fact = f"{quoted(path.name)} is no question: {why}"
        raise QuestionError([Fault(f"{by}, extends", fact, "name the TOML file of a question", "QUESTION-202")])
    return layer


def _read(path: Path, *, foreign: bool = False) -> Layer:
    found = read_toml(path, "QUESTION-202", "a question", foreign=foreign)
    try:
        data = {key: _plain(value) for key, value in found.data.items()}
    except (ValueError, RecursionError) as error:
        raise QuestionError([Fault(path.name, *unreadable(error), "QUESTION-202")]) from error
    return Layer(path, found.text, hashlib.sha256(found.content).hexdigest(), data)


def _plain(value: Any) -> Any:
    """Return TOML's dates as the text a table would hold.

    Raises
    ------
    ValueError : a whole number is too large to be one of anything.
    """
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise ValueError("too large")
    return value.isoformat() if isinstance(value, date | datetime | time) else value
