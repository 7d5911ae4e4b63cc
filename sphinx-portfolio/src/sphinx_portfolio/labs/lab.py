"""A lab: a Python file with a docstring, parameters and three functions."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_portfolio.labs import engine
from sphinx_portfolio.labs.drawing import rebuild
from sphinx_portfolio.labs.engine import LabError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9_]*")  # of a file and a parameter, which are in addresses
KINDS = ("number", "choice", "text")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
DIGITS = 1e-6  # relative: six significant digits
PIXEL = 0.1001  # units of a drawing, which has one decimal

Parameter = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """The file of a lab: `title` and `paragraphs` are those of its docstring."""

    path: Path
    text: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def name(self) -> str:
        """The id of the lab."""
        return self.path.stem.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Result:
    """What a lab shows with its default parameters; the drawing is SVG."""

    parameters: tuple[Parameter, ...]
    sentence: str
    drawing: str
    report: str


def read(path: Path) -> Source:
    """Read the file of a lab; LabError if it is not one."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, path.name)
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        raise LabError(message) from error
    except UnicodeDecodeError as error:
        message = "is not UTF-8"
        raise LabError(message, 1) from error
    except SyntaxError as error:
        message = f"SyntaxError: {error.msg}"
        raise LabError(message, error.lineno or 0) from error
    if not NAME.fullmatch(path.stem):
        message = f"invalid name {path.name!r}: use lower-case letters, digits and _"
        raise LabError(message)
    paragraphs = re.split(r"\n\s*\n", ast.get_docstring(tree) or "")
    title = " ".join(paragraphs[0].split()).removesuffix(".")
    if not title:
        message = "there is no docstring: begin the file with the title of the lab"
        raise LabError(message, 1)
    return Source(path, text, title, tuple(paragraphs[1:]))


def run(source: Source, cache: Path | None = None) -> Result:
    """Run a lab with its defaults, or take the result from the cache; LabError if it fails.

    `cache` is a folder. A result holds as long as the lab, the kit and the harness are the same.
    """
    if cache is None:
        return _result(engine.run(source.text, source.path.name))
    program = engine.program(source.text, source.path.name, {})
    kept = cache / f"{hashlib.sha256(program.encode()).hexdigest()}.json"
    try:
        answer = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        answer = engine.run(source.text, source.path.name)
        result = _result(answer)
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(answer), encoding="utf-8")
        part.replace(kept)
        return result
    return _result(answer)


def _result(answer: engine.Answer) -> Result:
    """Check what a lab returned."""
    for key in ("sentence", "drawing", "report"):
        if not isinstance(answer[key], str):
            message = f"invalid {key}: return a text"
            raise LabError(message)
    if not answer["sentence"].strip():
        message = "invalid sentence: it is empty"
        raise LabError(message)
    for parameter in answer["parameters"]:
        _check(parameter)
    names = [parameter["name"] for parameter in answer["parameters"]]
    if len(set(names)) < len(names):
        message = f"two parameters have one name: {', '.join(names)}"
        raise LabError(message)
    return Result(
        tuple(answer["parameters"]),
        answer["sentence"],
        rebuild(answer["drawing"]),
        answer["report"],
    )


def _check(parameter: Parameter) -> None:
    """Raise LabError if a parameter is not one of the kit's, or its default is out of bounds."""
    if not isinstance(parameter, dict) or parameter.get("kind") not in KINDS:
        message = f"invalid parameter {parameter!r}: use number, choice or text of the kit"
        raise LabError(message)
    name, kind, default = parameter["name"], parameter["kind"], parameter["default"]
    if not isinstance(name, str) or not NAME.fullmatch(name):
        message = f"invalid name of a parameter {name!r}: use lower-case letters, digits and _"
        raise LabError(message)
    if not isinstance(parameter["label"], str) or not parameter["label"].strip():
        message = f"invalid label of {name!r}: write a text"
        raise LabError(message)
    if kind == "number":
        numbers = [default, *(parameter[key] for key in ("low", "high", "step"))]
        if not all(_is_number(each) for each in numbers) or parameter["step"] <= 0:
            message = f"invalid numbers of {name!r}: {numbers}"
            raise LabError(message)
        steps = (default - parameter["low"]) / parameter["step"]  # from which browsers count
        fits = parameter["low"] <= default <= parameter["high"] and _is_close(
            steps, round(steps), 0
        )
    elif kind == "choice":
        fits = all(isinstance(each, str) for each in parameter["options"])
        fits = fits and default in parameter["options"]
    else:
        fits = isinstance(default, str) and len(default) <= parameter["longest"]
    if not fits:
        message = f"the default of {name!r}, {default!r}, is not one of its values"
        raise LabError(message)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


# -- The same in MicroPython ------------------------------------------------------


def corners(parameters: Sequence[Parameter]) -> Iterator[dict[str, object]]:
    """Yield the defaults, and all combinations of least and greatest numbers and of choices.

    Texts keep their default, and a parameter `seed` does, since no seed is extreme.
    """
    yield {}
    values = []
    for each in parameters:
        match each["kind"]:
            case "number" if each["name"] != "seed":
                values.append([each["low"], each["high"]])
            case "choice":
                values.append(each["options"])
            case _:
                values.append([each["default"]])
    names = [each["name"] for each in parameters]
    for combination in itertools.product(*values):
        yield dict(zip(names, combination, strict=True))


def difference(source: Source, values: Mapping[str, object]) -> str:
    """Run a lab in Python and in MicroPython; say how the results differ, if they do.

    Numbers have to agree in six significant digits, in drawings in what they show.
    """
    name = source.path.name
    ours, theirs = (run(source.text, name, values) for run in (engine.run, engine.run_micropython))
    for key in ("data", "sentence", "report"):
        if found := _differ(ours[key], theirs[key], key, 0):
            return found
    return _differ(ours["drawing"], theirs["drawing"], "drawing", PIXEL)


def _differ(ours: Any, theirs: Any, place: str, tolerance: float) -> str:
    """Return where two results differ; empty if they don't."""
    found = f"{place}: {ours!r} in Python, {theirs!r} in MicroPython"
    if isinstance(ours, dict) and isinstance(theirs, dict):
        pairs = [(f"{place}.{key}", ours[key], theirs.get(key)) for key in sorted(ours)]
        return _first(pairs, tolerance) if ours.keys() == theirs.keys() else found
    if isinstance(ours, list) and isinstance(theirs, list):
        pairs = [(f"{place}[{i}]", *both) for i, both in enumerate(zip(ours, theirs, strict=False))]
        return _first(pairs, tolerance) if len(ours) == len(theirs) else found
    if isinstance(ours, str) and isinstance(theirs, str):
        if NUMBER.sub("0", ours) != NUMBER.sub("0", theirs):
            return found
        numbers = zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True)
        equal = all(_is_close(float(one), float(other), tolerance) for one, other in numbers)
        return "" if equal else found
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return "" if _is_close(ours, theirs, tolerance) else found
    return "" if ours == theirs else found


def _first(pairs: list[tuple[str, Any, Any]], tolerance: float) -> str:
    for place, ours, theirs in pairs:
        if found := _differ(ours, theirs, place, tolerance):
            return found
    return ""


def _is_close(one: float, other: float, tolerance: float) -> bool:
    return math.isclose(one, other, rel_tol=DIGITS, abs_tol=tolerance or 1e-12)
