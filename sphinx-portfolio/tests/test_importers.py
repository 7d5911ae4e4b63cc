"""Importers: nothing is lost, texts keep their meaning, and bad input is one clear error."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import yaml
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

import sources
from invented import NASTY, WORDS, made, portfolios, whole
from sphinx_portfolio import importers
from sphinx_portfolio.bibtex.bibliographies import read_works
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.bibtex.latex import plain_text
from sphinx_portfolio.commands import application, importing
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import resume_json
from sphinx_portfolio.importers import dates, home, latex, slugs, text
from sphinx_portfolio.importers.draft import Draft, SourceError
from sphinx_portfolio.model import (
    CreativeWork,
    Date,
    Period,
    Portfolio,
    Profile,
    Project,
    Run,
    Skill,
    Talk,
    plain,
)
from sphinx_portfolio.model.kinds.talk import FORMATS
from sphinx_portfolio.model.markdown import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = Date(2024, 7, 1)
FUZZ = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MYST = MdParserConfig(enable_extensions={"colon_fence", "deflist"})


def written(path: Path, as_: str = "") -> str:
    """Return all files of the portfolio made of a source, as one text."""
    writer = home.write(importers.read(path, as_), TODAY)
    writer.report()
    return "\n".join(f"{name}\n{it}" for name, it in writer.result.files.items())


# -- Texts --------------------------------------------------------------------


def shown(markdown: str) -> str:
    """Return what MyST shows of a paragraph; a mark for each token that is not text."""
    tokens = create_md_parser(MYST, DocutilsRenderer).parse(markdown)
    kinds = [token.type for token in tokens]
    assert kinds in (["paragraph_open", "inline", "paragraph_close"], []), (markdown, kinds)
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}, (markdown, children)
    return "".join(child.content for child in children)


@FUZZ
@given(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(NASTY),
        st.text("{}`:%()=*_-+#<>[]~$|a 1.\\", max_size=12),
    )
)
@example("{job}`x`")
@example("(target)=")
@example("% comment")
@example(":::{note}")
@example("+++")
@example(": definition")
def test_plain_text_is_literal_in_myst(words: str) -> None:
    for each in text.from_plain(words).paragraphs:
        expected = " ".join(plain(each).replace("\u00a0", "~").split())
        found = shown(paragraph(each)).replace("\u00a0", "~")
        assert " ".join(found.split()) == expected


def test_markdown_keeps_its_meaning() -> None:
    for source, expected in {
        "a *b* **c** `d`": "a _b_ **c** `d`",
        "[x](https://x.example/a_b)": "[x](https://x.example/a_b)",
        "[x](javascript:alert(1))": r"\[x\](javascript:alert(1))",
        "[x](/blog/1)": "x (/blog/1)",
        "[x](http://127.0.0.1/)": "x (http://127.0.0.1/)",
        "![alt](pic.png)": "alt (pic.png)",
        '<a href="https://x.example">x</a> <b>y</b><br>z': "[x](https://x.example) **y** z",
        '<a href="javascript:x">x</a>': "(javascript:x) x",
        "<script>x</script> C# a_b {job}`x`": r"\<script>x\</script> C# a_b \{job}`x`",
        "{y} 5 < 6 & $5": r"{y} 5 \< 6 & \$5",
        "&lt;b&gt; \\*": r"\<b> \*",
    }.items():
        assert paragraph(text.line(source)) == expected, source


def test_markdown_blocks_become_paragraphs_and_bullets() -> None:
    body = text.from_markdown(
        "# One\n\nTwo\nlines\n\n- a\n  - b\n\n  c\n\n1. d\n\n```\ne\nf\n```\n\n> g"
    )
    assert [plain(each) for each in body.paragraphs] == ["One", "Two lines", "e", "f", "g"]
    [a, d] = body.highlights
    assert (plain(a.text), [plain(it.text) for it in a.highlights]) == ("a", ["c", "b"])
    assert plain(d.text) == "d"


def test_dates_as_people_write_them() -> None:
    for written_, expected in {
        "2021": "2021",
        "2021-05": "2021-05",
        "2014-06-29": "2014-06-29",
        "2014-06-29T10:00:00Z": "2014-06-29",
        "Aug 2021": "2021-08",
        "May 2021": "2021-05",
        "September 2021": "2021-09",
        "Aug 3, 2021": "2021-08-03",
        "3 August 2021": "2021-08-03",
        "08/2021": "2021-08",
        "2021-00": "2021",
        "Present": "present",
        "2021-13": "",
        "0021-05": "",
        "2021-02-30": "",
        "Mai 2021": "",
        "soon": "",
        "": "",
    }.items():
        assert dates.normalized(written_) == expected, written_
    for written_, period in {
        "2015 - 2019": ("2015", "2019"),
        "2015-2019": ("2015", "2019"),
        "2015-now": ("2015", "present"),
        "2021-": ("2021", "present"),
        "2018 -": ("2018", "present"),
        "since May 2021": ("2021-05", "present"),
        "2022.7 - 2023.9": ("2022-07", "2023-09"),
        "2015 -- 2017": ("2015", "2017"),
        "01/2015-02/2017": ("2015-01", "2017-02"),
        "May - Aug 2021": ("2021-05", "2021-08"),
        "2019/20": ("2019", "2020"),
        "2011-12": ("2011-12", "2011-12"),
        "May 2021 – Present": ("2021-05", "present"),
        "2021": ("2021", "2021"),
        "2015, 2017": ("", ""),
    }.items():
        assert dates.period(written_) == period, written_


def test_ids_are_readable_and_unique() -> None:
    for title, expected in {
        "C++": "cpp",
        "C#": "csharp",
        ".NET": "dotnet",
        "Zürich & Søren": "zurich-and-soren",
        "2016 Prize": "award-2016-prize",
        "日本": "award",
        "It's": "its",
    }.items():
        assert slugs.slug(title, "award") == expected
    assert [
        slugs.unique("award", taken_, "2020") for taken_ in [{"award"}, {"award", "award-2"}]
    ] == [
        "award-2",
        "award-3",
    ]
    taken: set[str] = set()
    assert [slugs.unique("a", taken) for _ in range(3)] == ["a", "a-b", "a-c"]
    assert slugs.organization("Naro Logics, Inc.") == "Naro Logics"


@FUZZ
@given(st.text(max_size=40))
def test_any_title_has_an_id(title: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slugs.slug(title, "job"))


def test_text_is_literal_in_bibtex() -> None:
    for words in ("a_b", "100% & #1 $5", "x--y---z", "``q'' it's", "{b} \\foo ~ ^", "é 漢", "?`"):
        assert plain_text(latex.escaped(words)) == words


# -- Nothing is lost ----------------------------------------------------------


def tokens() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"w{number}q"


KEYS = [
    *("name", "company", "position", "title", "summary", "description", "url", "website", "date"),
    *("startDate", "endDate", "highlights", "keywords", "institution", "studyType", "area", "gpa"),
    *("score", "courses", "organization", "awarder", "issuer", "publisher", "releaseDate", "level"),
    *("fluency", "language", "reference", "roles", "entity", "type", "location", "x_other"),
]
SECTIONS = [
    *("work", "volunteer", "education", "awards", "certificates", "publications", "skills"),
    *("languages", "interests", "references", "projects", "x_section"),
]
VALUE = st.sampled_from(["", "text", "texts", "date", "number", "none", "mapping", "address"])
ITEM = st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=8)
RESUME = st.fixed_dictionaries(
    {"work": st.lists(ITEM, max_size=3)},
    optional={name: st.lists(ITEM, max_size=3) for name in SECTIONS[1:]}
    | {
        "basics": st.dictionaries(
            st.sampled_from(["name", "label", "picture", "email", "phone", "url", "summary", "x"]),
            VALUE,
        )
    },
)


def filled(shape: Any, names: Iterator[str]) -> Any:
    """Put values with tokens that occur once into a shape."""
    if isinstance(shape, dict):
        return {key: filled(value, names) for key, value in shape.items()}
    if isinstance(shape, list):
        return [filled(each, names) for each in shape]
    word = next(names)
    return {
        "": "",
        "text": f"{word} *{next(names)}* <{next(names)}>",
        "texts": [word, f"[{next(names)}](x{next(names)})"],
        "date": "2021-05",
        "number": 3.5,
        "none": None,
        "mapping": {"deep": [word, {"er": next(names)}]},
        "address": f"https://{word}.example/{next(names)}",
    }[shape]


@FUZZ
@given(shape=RESUME)
def test_each_word_of_json_resume_is_on_a_page_or_in_the_report(
    shape: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = json.dumps(filled(shape, tokens()))
    path = tmp_path_factory.getbasetemp() / "fuzz.json"
    path.write_text(source, encoding="utf-8")
    found = written(path)
    assert [word for word in re.findall(r"w\d+q", source) if word not in found] == []


def test_each_word_of_each_format_is_on_a_page_or_in_the_report(tmp_path: Path) -> None:
    # What is read in another form: dates, addresses that are made, and what says nothing.
    other = re.compile(
        r"[\d./-]+|design|theme|classic|https?|Aug|Jul|Jan|Mar|Feb|May|Summer|type|map|time_table"
        r"|nested|table|time|list|now|null|u|a|b|href|n|schema|Yes|No"
        # Labels, and names of sections that are kinds.
        r"|General|Information|Full|Name|Open|Source|Projects|Honors|and|Awards|Education|Experience",
        re.IGNORECASE,
    )
    for name, path in sources.files(tmp_path).items():
        if name == "linkedin.zip":
            tables = (it for it in sources.LINKEDIN.iterdir() if it.name != "Connections.csv")
            given_ = "".join(it.read_text("utf-8").partition("\n")[2] for it in tables)
        else:
            given_ = path.read_text(encoding="utf-8")
        if name.endswith(".json"):
            given_ = " ".join(strings(json.loads(given_)))
        elif name.endswith(("yaml", "yml")):
            given_ = " ".join(strings(yaml.safe_load(given_)))
        found = written(path).replace("\\", "").lower()
        words = {word for word in re.findall(r"[^\W_]+", given_) if not other.fullmatch(word)}
        assert sorted(word for word in words if word.lower() not in found) == [], name


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from strings(each)
    elif isinstance(node, str) and not node.startswith("https://raw"):
        yield node


# -- Bad input ----------------------------------------------------------------


def test_errors_say_where_what_and_what_to_do(tmp_path: Path) -> None:
    deep = "[" * 3000 + "]" * 3000
    for name, content, message in (
        ("a.json", '{"basics": {},\n  "work": [1,]\n}', r"a\.json:2:14: .*: remove the comma"),
        ("a.json", '{"basics": {}, // x\n}', r"a\.json:1:16: .*JSON has no comments"),
        ("a.json", '// x\n{"basics": {}}', r"a\.json:1:1: .*JSON has no comments: remove them"),
        ("a.json", '\n/* x */ {"basics": {}}', r"a\.json:2:1: .*JSON has no comments"),
        (
            "a.json",
            '{"work": [\n{"name": "a"},\n\t{"name": "b",\n"name": "c"}]}',
            r"a\.json:4: 'name' is given twice: remove one",
        ),
        # What YAML can't read has no line.
        ("a.json", r'{"work": ["\ud83d\ude00"], "work": []}', r"a\.json: 'work' is given twice"),
        ("a.json", '{"basics": ', r"a\.json:1:12: invalid JSON"),
        ("a.json", f'{{"work": {deep}}}', "nested more than"),
        ("a.json", json.dumps({"work": [{}] * 10_001}), "more than 10000 entries"),
        ("a.json", '{"x": 1}', r"a\.json:1: unknown format: expected one of"),
        ("a.json", "[1" + "0" * 5000 + "]", "invalid JSON"),
        ("a.yml", "cv:\n  name: &a x\n  label: *a\n", r"a\.yml:2: anchors and aliases are refused"),
        ("a.yml", "cv:\n  name: !!python/object:os.system x\n", r"a\.yml:2: the tag .* is refused"),
        ("a.yml", "cv:\n  name: x\n  name: y\n", r"a\.yml:3: 'name' is given twice"),
        ("a.yml", "cv:\n  name: [x\n", r"a\.yml:3:1: invalid YAML"),
        ("a.yml", "cv:\n  ? [a]\n  : b\n", r"a\.yml:2: a key is not text"),
        ("a.yml", f"cv: {deep}", "nesting depth"),
        ("a.yml", f"cv: {deep[2970:3030]}", "nested more than"),
        ("a.yml", "just text", "unknown format"),
        ("a.yml", "a: 1\n---\nb: 2\n", "invalid YAML"),
        (
            "a.bib",
            "@misc{a, title = {x}\n\n@misc{b, title = {y}}",
            r"a\.bib:1: invalid BibTeX: a: ",
        ),
        ("a.bib", "@misc{a, title = {x}", r"a\.bib:1: invalid BibTeX"),
        ("a.txt", "\n", r"a\.txt:1: the file is empty: import one of"),
    ):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        with pytest.raises(SourceError, match=message):
            importers.read(path)
    path.write_bytes(b"\xc3\n\xff\xfe\xfd")
    with pytest.raises(SourceError, match=r"a\.txt:1: this is not UTF-8"):
        importers.read(path)
    path.write_bytes(b" " * 5_000_001)
    with pytest.raises(SourceError, match="more than 5 MB"):
        importers.read(path)


def test_archives_are_limited(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("Positions.csv", b"0" * 20_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(SourceError, match=r"Positions\.csv: more than 5 MB"):
        importers.read(path)
    for name, content, message in (
        ("Positions.csv", "Firma,Stelle\nx,y\n", "expected the header .*: export in English"),
        ("Positions.csv", 'Company Name,Title\n"' + "x" * 200_000, "invalid CSV"),
        ("Other.csv", "a,b\n", "no CSV file of LinkedIn"),
        ("../../Skills.csv", "Name\nPython\n", ""),
    ):
        with ZipFile(path, "w") as archive:
            archive.writestr(name, content)
        if message:
            with pytest.raises(SourceError, match=message):
                importers.read(path)
        else:
            assert [entry.title for entry in importers.read(path).entries] == ["Python"]
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(SourceError, match="not a readable ZIP file"):
        importers.read(path)


def test_a_folder_of_linkedin_is_read_as_the_archive(tmp_path: Path) -> None:
    found = importers.read(sources.LINKEDIN)
    zipped = importers.read(sources.linkedin(tmp_path / "a.zip"))
    assert [it.title for it in found.entries] == [it.title for it in zipped.entries]
    assert found.person == zipped.person


def test_a_folder_is_searched_one_level_deep(tmp_path: Path) -> None:
    for name, skill in (("a", "Near"), ("a/b", "Deep")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Skills.csv").write_text(f"Name\n{skill}\n", encoding="utf-8")
    assert [entry.title for entry in importers.read(tmp_path).entries] == ["Near"]
    (tmp_path / "a/Skills.csv").unlink()
    with pytest.raises(SourceError, match="no CSV file of LinkedIn"):
        importers.read(tmp_path)


def test_entries_of_one_name_are_kept_unless_they_are_the_same(tmp_path: Path) -> None:
    def read(name: str, *projects: dict[str, str]) -> Draft:
        path = tmp_path / name
        path.write_text(json.dumps({"projects": projects}), encoding="utf-8")
        return importers.read(path)

    first = {"name": "Lake", "description": "A lake."}
    draft = read("a.json", first, first, {"name": "Lake", "description": "Another."})
    draft.add(read("b.json", {"name": "Lake", "description": "A lake, told again."}))
    for title in ("池", "沼"):
        draft.add(read("c.json", {"name": title}))
    result = home.write(draft, TODAY).result
    assert sorted(name for name in result.files if name.startswith("projects/")) == [
        *("projects/index.md", "projects/lake-b.md", "projects/lake.md", "projects/project-2.md"),
        "projects/project.md",
    ]
    assert ":id: lake-b\n" in result.files["projects/lake-b.md"]
    assert ":id: project-2\n" in result.files["projects/project-2.md"]
    assert result.skipped == ["project 'Lake'"] * 2


def test_a_resume_of_others_that_names_the_schema_is_read_as_theirs(tmp_path: Path) -> None:
    path = tmp_path / "resume.json"
    schema = resume_json.SCHEMA
    basics = {"name": "Ada", "url": "https://ada.example", "summary": "One\nline"}
    meta = {"canonical": "https://ada.example/resume.json", "version": "v1.0.0"}
    resume = {"$schema": schema, "basics": basics, "meta": meta}
    path.write_text(json.dumps(resume), encoding="utf-8")
    draft = importers.read(path)
    assert draft.profiles == {"Website": "https://ada.example"}
    assert [plain(each) for each in draft.summary.paragraphs] == ["One line"]


def test_dates_of_publications_keep_their_day(tmp_path: Path) -> None:
    path = tmp_path / "resume.json"
    publication = {"name": "P", "publisher": "J", "releaseDate": "2020-03-05"}
    path.write_text(json.dumps({"publications": [publication]}), encoding="utf-8")
    [made] = importers.read(path).references
    assert "  date = {2020-03-05},\n" in made.tail


def test_sections_of_cvs_as_people_write_them(tmp_path: Path) -> None:
    """Keys of JSON Resume in RenderCV's form, and what al-folio's readers write."""
    path = tmp_path / "cv.yml"
    path.write_text(CV, encoding="utf-8")
    draft = importers.read(path)
    entries = {
        (it.kind, it.title): it.options | ({"group": it.group} if it.group else {})
        for it in draft.entries
    }
    period = {"start": "2019", "end": "present"}
    assert entries == {
        ("job", "Dean"): {"organization": "Uni", **period},
        ("service", "Cook"): {"organization": "Kitchen", **period},
        ("degree", "BTech in CS (8.02)"): {
            "organization": "MIT", "study": "BTech", "area": "CS", "score": "8.02",
            "start": "2011", "end": "2015",
        },
        ("award", "Prize"): {"organization": "Jury", "date": "2020-03-01"},
        ("award", "Grant"): {"date": "2015"},
        ("skill", "Rust"): {"group": "Systems", "level": "Expert"},
        ("skill", "Go"): {"group": "Systems", "level": "Expert"},
        ("language", "English"): {"fluency": "native"},
        ("language", "French"): {"fluency": "B2"},
        ("language", "Dutch"): {"fluency": "basic"},
    }  # fmt: skip
    [paper, talk] = draft.references
    assert paper.head + paper.tail == (
        "@article{,\n  author = {Ada Moss},\n  title = {{Sparse}},\n  journal = {J},\n"
        "  publisher = {ACM},\n  location = {Oslo},\n  doi = {10.1234/a_b},\n"
        "  url = {https://p.example},\n  date = {2023-07-01},\n}\n"
    )
    assert "  eventtitle = {Conf},\n  location = {Rome},\n" in talk.tail
    [teaching] = draft.sections
    assert [(plain(it.text), [plain(sub.text) for sub in it.highlights]) for it in (
        teaching.body.highlights
    )] == [("Assistant, Physics (160 hours) (2017 - 2019)", ["Labs: weekly", "Exams"])]  # fmt: skip
    assert [(it.path, it.value) for it in draft.leftovers] == [
        ("cv.sections.Awards[1].date", "2015 - 2016")
    ]


CV = """
cv:
  sections:
    Experience:
      - {organization: Uni, position: Dean, start_date: 2019, end_date: present}
    Volunteering:
      - {organization: Kitchen, position: Cook, startDate: 2019, endDate: present}
    Education:
      - {institution: MIT, studyType: BTech, area: CS, score: "8.02", date: 2011 - 2015}
    Awards:
      - {title: Prize, awarder: Jury, date: 2020-03-01}
      - {title: Grant, date: 2015 - 2016}
    Technical Skills:
      - {name: Systems, level: Expert, keywords: "Rust, Go"}
    Languages:
      - {name: English, summary: native}
      - French (B2)
      - {language: "Dutch (basic)"}
    Publications:
      - {title: Sparse, authors: [Ada Moss], journal: J, publisher: ACM, location: Oslo,
         doi: 10.1234/a_b, url: "https://p.example", releaseDate: 2023-07-01}
    Talks:
      - {name: On It, event: Conf, location: Rome, date: 2023-07}
    Teaching:
      - title: Assistant, Physics (160 hours)
        year: 2017 - 2019
        description:
          - Labs: weekly
          - Exams
"""


def test_skills_and_languages_that_are_sentences(tmp_path: Path) -> None:
    path = tmp_path / "cv.yml"
    programming = "Proficient with Python, C++, and [Git](https://git.example); more"
    skills = [
        {"label": "Programming", "details": programming},
        {"label": "Tools", "details": "make, uv (and pip), and vim"},
        {"label": "Languages", "details": "English (fluent, TOEFL: 118/120), Turkish (native)"},
        "Languages: Rust, Go",
    ]
    path.write_text(yaml.safe_dump({"cv": {"sections": {"skills": skills}}}), "utf-8")
    draft = importers.read(path)
    assert [(it.kind, it.group, it.title, it.options.get("fluency")) for it in draft.entries] == [
        ("skill", "", "Programming", None),
        ("skill", "Tools", "make", None),
        ("skill", "Tools", "uv (and pip)", None),
        ("skill", "Tools", "vim", None),
        ("language", "", "English", "fluent, TOEFL: 118/120"),
        ("language", "", "Turkish", "native"),
        ("skill", "Languages", "Rust", None),
        ("skill", "Languages", "Go", None),
    ]
    [said] = draft.entries[0].body.paragraphs
    assert paragraph(said) == programming


def test_the_address_of_a_network_is_not_that_of_a_profile(tmp_path: Path) -> None:
    path = tmp_path / "resume.json"
    given_ = [
        {"network": "Twitter", "username": "ada", "url": "https://www.twitter.com"},
        {"network": "GitHub", "username": "ada", "url": "https://ada.github.io/"},
    ]
    path.write_text(json.dumps({"basics": {"profiles": given_}}), "utf-8")
    draft = importers.read(path)
    assert draft.profiles == {
        "Twitter": "https://x.com/ada",
        "GitHub": "https://ada.github.io/",
    }
    assert draft.leftovers == []


def test_al_folio_names_paths_of_its_list(tmp_path: Path) -> None:
    path = tmp_path / "cv.yml"
    languages = "English (native speaker), Dutch"
    rows = [{"name": "Languages", "value": languages}, {"name": "Email", "value": "none"}]
    path.write_text(yaml.safe_dump([{"title": "G", "type": "map", "contents": rows}]), "utf-8")
    draft = importers.read(path)
    assert [(it.title, it.options) for it in draft.entries] == [
        ("English", {"fluency": "native speaker"}),
        ("Dutch", {}),
    ]
    assert [(it.path, it.value) for it in draft.leftovers] == [("[0].contents[1].value", "none")]


# -- BibTeX -------------------------------------------------------------------

ZOTERO = """\
@article{a_b, title = {A}, url = {javascript:x},
  file = {PDF:/home/me/Zotero/storage/{A}.pdf:application/pdf}, year = 2020}
@misc(c, bdsk-file-1 = "YnBsaXN0", title = {C} # { D}, year = 2021)
"""


def test_paths_on_the_disk_are_not_copied_from_bibtex() -> None:
    draft = importers.bibtex.read("/home/me/a.bib", ZOTERO, "")
    first, second = draft.references
    assert first.head + first.key + first.tail == "@article{a_b, title = {A}, year = 2020}\n"
    assert second.head + second.key + second.tail == "@misc(c, title = {C} # { D}, year = 2021)\n"
    assert [(it.source, it.path, it.value) for it in draft.leftovers] == [
        ("a.bib", "a_b.url", "javascript:x"),
        ("a.bib", "file", "the paths of files on your disk, in 2 entries, are not copied"),
    ]


CROSSREF = r"""
@string{pub = {Springer}}
@inproceedings{Talk_One, author = {Ada}, title = {One}, crossref = {Proc}}
@inbook{chapter, author = {Ada}, title = {Chapter}, crossref = "The\Book"}
@misc{data, author = {Ada}, title = {Data}, xdata = {common}}
@misc{lost, author = {Ada}, title = {Lost}, crossref = {nowhere}, year = 2001}
@proceedings{Proc, title = {Proceedings of C}, publisher = pub, year = 2020}
@book{The\Book, author = {Bob}, title = {Book}, year = 2019}
@xdata{common, year = 2018}
@xdata{unused, year = 2017}
"""


def test_entries_come_with_those_that_they_take_fields_over_from(tmp_path: Path) -> None:
    path = tmp_path / "papers.bib"
    path.write_text(CROSSREF, encoding="utf-8")
    draft = importing.read([path], "")
    result = home.write(draft, TODAY).result
    written = result.files["publications/publications.bib"]
    works, messages = read_works(written.encode(), BIB_KINDS["publication"], ())
    assert messages == []
    assert {work.id: (work.where, str(work.start)) for _, work in works} == {
        "talk-one": ("Proceedings of C", "2020"),
        "chapter": ("Book", "2019"),
        "data": ("", "2018"),
        "the-book": ("", "2019"),
    }
    assert written.count("@string") == written.count("@proceedings") == 1
    left = [(it.path, it.value.partition(":")[0]) for it in draft.leftovers]
    assert left == [
        ("unused", "@xdata{unused, year = 2017}"),
        ("lost", "crossref names 'nowhere', which is not in this file"),
    ]


def test_talks_are_told_from_publications() -> None:
    for entry, expected in {
        "@unpublished{a, title={T}, eventtitle={E}, year=2020}": "talk",
        "@unpublished{a, title={T}, address={Milano}, year=2020}": "talk",
        "@unpublished{a, title={T}, year=2020}": "publication",
        "@article{a, title={T}, journal={J}, video={https://v.example}, year=2020}": "publication",
        "@inproceedings{a, title={T}, booktitle={B}, video={https://v.example}}": "talk",
        "@inproceedings{a, title={T}, booktitle={B}, pages={1--2}}": "publication",
        "@misc{a, title={T}, note={Week, Plenary}}": "talk",
        "@misc{a, title={T}, howpublished={arXiv}}": "publication",
    }.items():
        assert [it.kind for it in importers.bibtex.read("a.bib", entry, "").references] == [
            expected
        ]
        forced = importers.bibtex.read("a.bib", entry, "talk").references
        assert [it.kind for it in forced] == ["talk"]


# -- Anything -----------------------------------------------------------------

JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*KEYS, *SECTIONS, "basics", "cv", "sections", "contents"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


def read_anything(path: Path) -> None:
    """Import a file: a portfolio, or one clear error."""
    try:
        found = written(path)
    except SourceError as error:
        assert str(error).startswith(str(path))
        assert "\n" not in str(error)
    else:
        assert "conf.py" in found


@FUZZ
@example(junk=[{"type": {}}], key="cv")
@given(
    junk=JUNK, key=st.sampled_from(["work", "basics", "skills", "education", "cv", "publications"])
)
def test_any_data_is_a_portfolio_or_an_error(
    junk: Any, key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk"
    for data in (junk, {key: junk}, {key: [junk, junk]}, {"cv": {"sections": {"x": [junk]}}}):
        path.write_text(json.dumps(data), encoding="utf-8")
        read_anything(path)
        path.write_text(yaml.safe_dump(data), encoding="utf-8")
        read_anything(path)
    path.write_text(yaml.safe_dump([{"title": "x", "type": key, "contents": junk}]), "utf-8")
    read_anything(path)


@FUZZ
@given(
    junk=st.one_of(
        st.binary(max_size=60),
        st.text('@misc{a,title=b}\n"#%()\\ 1', max_size=60).map(lambda it: it.encode()),
        st.text("a:-[]{}&*!|>'\"#\n ,?%@`", max_size=40).map(lambda it: it.encode()),
        st.text('{}[]",:work1\n ', max_size=40).map(lambda it: it.encode()),
    )
)
def test_any_bytes_are_a_portfolio_or_an_error(
    junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk"
    for content in (junk, b"PK\x03\x04" + junk, b"@misc{a, " + junk, b"cv:\n  name: " + junk):
        path.write_bytes(content)
        read_anything(path)


# -- Round trip ---------------------------------------------------------------


# What a page can't be without.
NEEDED = ("title", "organization", "event", "group")
ADDRESS_ONLY = re.compile(r"\s*https?://\S+\s*")
PEOPLE = ["Ada Moss", "Bob, Jr.", "太田 例", "Research and Development", "Ludwig van Beethoven"]
LINK = st.sampled_from(["", "https://v.example/a_b?c=1%20d&e#~f"])
SPANS = [("2020", "2020"), ("2020-03-05", "2020-03-05"), ("2020-03", "2020-06"), ("2019", "")]


@st.composite
def complete(draw: st.DrawFn) -> Portfolio:
    """Return a portfolio with words where a page needs them, and talks and publications."""
    portfolio = draw(portfolios())
    records = []
    for record in portfolio.records:
        changed: dict[str, Any] = {
            name: f"The {name}"
            for name in NEEDED
            if hasattr(record, name) and not getattr(record, name).strip()
        }
        if isinstance(record, CreativeWork):
            changed |= draw(works(record)) | {"id": "w-1" if isinstance(record, Talk) else "w-2"}
        records.append(replace(record, **changed))
    name = draw(st.sampled_from([portfolio.person.name.strip() or "Ada", "Ada Moss"]))
    profiles = (Profile("GitHub", "https://a.example/"),)
    person = replace(portfolio.person, name=name, profiles=profiles)
    return replace(portfolio, records=tuple(records), person=person)


@st.composite
def works(draw: st.DrawFn, work: CreativeWork) -> dict[str, Any]:
    """Return the fields of a talk or publication."""
    people = tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)))
    found: dict[str, Any] = {
        "period": Period.parse(*draw(st.sampled_from(SPANS))),
        "summary": (Run(draw(WORDS)),),
        "note": (Run(draw(st.sampled_from(["", "Won #1_prize", "{a} & b"]))),),
        "shorttitle": draw(WORDS),
        **{name: draw(LINK) for name in ("video", "slides", "code", "url")},
    }
    for name in ("venue", "event"):  # what is only an address is none in BibTeX
        if ADDRESS_ONLY.fullmatch(getattr(work, name, "")) or not getattr(work, name, "x").strip():
            found[name] = "The place"
    if isinstance(work, Talk):
        found |= {"speakers": people, "paper": draw(LINK), "duration": draw(WORDS)}
        return found | {"format": draw(st.sampled_from(["", *FORMATS]))}
    formats = ["", "book", "PhD thesis", "technical report", "patent", "software"]
    found |= {"authors": draw(st.sampled_from([(), people, (*people, "et al.")]))}
    found |= {"doi": draw(st.sampled_from(["", "https://doi.org/10.1234/a_b--c"]))}
    found |= {"arxiv": draw(st.sampled_from(["", "https://arxiv.org/abs/1706.03762"]))}
    return found | {"pdf": draw(LINK), "format": draw(st.sampled_from(formats))}


def folded(node: Any) -> Any:
    """Return data with white space folded, also at the ends of texts."""
    if isinstance(node, dict):
        return {key: folded(value) for key, value in node.items()}
    return [folded(each) for each in node] if isinstance(node, list) else " ".join(node.split())


@settings(FUZZ, max_examples=12)
@given(portfolio=complete())
def test_a_portfolio_comes_back_from_its_export(
    portfolio: Portfolio, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_round_trip(portfolio, tmp_path_factory.mktemp("round"))


def test_skills_come_back_with_their_aliases(tmp_path: Path) -> None:
    skills = (
        made(Skill, id="golang", title="Golang", group="Languages", aliases=("Go", "gc")),
        made(Skill, id="queues", title="Queues", aliases=("M/M/1",)),
        made(Skill, id="unix", title="Unix", group="Systems"),
    )
    summary = (Run("A client in Go, with an M/M/1 model, for Unix."),)
    project = made(
        Project, id="client", title="Client", summary=summary,
        skills=("golang", "queues", "unix"), highlights=(), details=(), evidence=(), cites=(),
    )  # fmt: skip
    check_round_trip(whole(*skills, project, name="Ada"), tmp_path)


def check_round_trip(portfolio: Portfolio, folder: Path) -> None:
    """Build a portfolio of the export of another, and compare their exports."""
    exported = resume_json.resume(portfolio)
    (folder / "resume.json").write_bytes(exported)
    writer = home.write(importers.read(folder / "resume.json"), TODAY)
    for name, content in writer.result.files.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    conf = folder / "site" / "conf.py"
    # Typographic quotes and dashes are those of the site, not of the text.
    extra = "smartquotes = False\nhtml_static_path = []\nhtml_favicon = None\n"
    conf.write_text(conf.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with application.reading(folder / "site") as app:
        back = portfolio_domain(app.env).portfolio
    assert folded(json.loads(resume_json.resume(back))) == folded(json.loads(exported))
