"""Labels in the language of the site, and the catalogs that have them."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.mofile import read_mo
from docutils import nodes
from pypdf import PdfReader
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

import catalogs
from catalogs import strings
from invented import made, squashed, whole
from sphinx_portfolio.exports import pdf, text
from sphinx_portfolio.exports.outline import MissingGlyphError
from sphinx_portfolio.model import (
    KINDS,
    Award,
    Date,
    Degree,
    Job,
    Period,
    Publication,
    Talk,
    Translator,
    plain,
)
from sphinx_portfolio.model.kinds.publication import byline
from sphinx_portfolio.model.kinds.talk import credits
from sphinx_portfolio.model.messages import CATALOGS, DOMAIN, ENGLISH
from sphinx_portfolio.views import bio, publications
from sphinx_portfolio.views.elements import portfolio_link, portfolio_time
from sphinx_portfolio.views.talks import row
from support import Site, one
from test_fonts import write_font

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
EXTRA = """

# More

```{changelog}
```

```{bio}
```

```{bio}
Ada builds [organs](#pipe-works).
```

```{talks}
:topic: voicing
:when: upcoming
```

```{publications}
:when: upcoming
```

```{summary}
```

```{entries}
:kind: award
```
"""
LANGUAGES = ("de", "es", "fr", "ja")
TRANSLATED = {name: Translator.load(name) for name in LANGUAGES}


# -- Catalogs -------------------------------------------------------------------


def test_each_catalog_translates_all_messages_and_no_others() -> None:
    assert catalogs.languages() == [*LANGUAGES]
    wanted = {message.id for message in catalogs.template() if message.id}
    assert {"job", "Experience", ("{count} job", "{count} jobs"), "Page not found"} <= wanted
    faults = []
    for language in LANGUAGES:
        catalog = catalogs.read(language)
        messages = {message.id: message for message in catalog if message.id}
        faults += [(language, "missing", each) for each in wanted - messages.keys()]
        faults += [(language, "superfluous", each) for each in messages.keys() - wanted]
        for message in messages.values():
            texts = strings(message.string)
            if message.fuzzy or not all(texts) or len(texts) > catalog.num_plurals:
                faults.append((language, "untranslated or fuzzy", message.id))
            if message.id == "No {kind} yet.":  # words for each gender are no longer
                continue
            fields = [field for form in strings(message.id) for field in fields_of(form)]
            if any({*fields_of(each)} != {*fields} for each in texts):
                faults.append((language, "other braces", message.id))
    assert faults == [], "run `nox -s messages`, and translate what it counts"


def fields_of(form: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(form) if name is not None]


def test_each_compiled_catalog_is_in_step() -> None:
    for language in LANGUAGES:
        with (CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            compiled = {strings(each.id): strings(each.string) for each in read_mo(file)}
        catalog = catalogs.read(language)
        written = {strings(each.id): strings(each.string) for each in catalog if each.id}
        compiled.pop(("",))  # the header
        assert compiled == written, f"{language}: run `nox -s messages`"


# -- Texts ----------------------------------------------------------------------


def test_dates_are_in_the_language() -> None:
    ongoing, years = Period.parse("2021-08", "present"), Period.parse("2019", "2020-03")
    expected = {
        "de": ("Aug. 2021 – heute", "2019 – März 2020"),
        "es": ("ago. 2021 – actualidad", "2019 – mar. 2020"),
        "fr": ("août 2021 – aujourd’hui", "2019 – mars 2020"),
        "ja": ("2021年8月 – 現在", "2019年 – 2020年3月"),
    }
    found = {name: (ongoing.text(it), years.text(it)) for name, it in TRANSLATED.items()}
    assert found == expected
    assert ongoing.text(ENGLISH) == "Aug. 2021 – Present"
    # A country's variant, and a language without catalog.
    assert ongoing.text(Translator.load("de_AT")) == "Aug. 2021 – heute"
    assert ongoing.text(Translator.load("nl")) == "Aug. 2021 – Present"


def test_the_year_of_a_talk_is_apart_from_its_month() -> None:
    talk = made(Talk, period=Period.parse("2020-03", "2020-03"))
    assert isinstance(talk, Talk)
    for name, words in {"de": ("März ", "2020"), "ja": ("2020年", "3月")}.items():
        portfolio = replace(whole(talk), translator=TRANSLATED[name])
        [_, line] = row(talk, portfolio, nodes.Text("X"))
        [date] = line.findall(portfolio_time)
        assert tuple(each.astext() for each in date if each.astext()) == words, name
        [year] = (each for each in date if isinstance(each, nodes.inline))
        assert year["classes"] == ["portfolio-in-year"]


def test_numbers_and_lists_are_in_the_language() -> None:
    job = KINDS["job"]
    expected = {
        "de": ("1 Stelle", "2 Stellen", "a, b und c"),
        "es": ("1 empleo", "2 empleos", "a, b y c"),
        "fr": ("1 poste", "2 postes", "a, b et c"),
        "ja": ("職務1件", "職務2件", "a、b、c"),
    }
    messages = f"{{count}} {job.name}", f"{{count}} {job.plural}"
    found = {
        name: (it.ngettext(*messages, 1), it.ngettext(*messages, 2), it.listed("abc"))
        for name, it in TRANSLATED.items()
    }
    assert found == expected
    talk = made(Talk, speakers=("Ada", "Bob", "Cy"))
    assert isinstance(talk, Talk)
    german = replace(whole(talk), translator=TRANSLATED["de"])
    assert plain(credits(talk, german)) == "mit Bob und Cy"


def test_publications_are_in_the_language() -> None:
    work = made(Publication, title="P", format="PhD thesis", arxiv="https://arxiv.example")
    assert isinstance(work, Publication)
    expected = {
        "de": ("Von Ada, Bob", "(Dissertation)", "arXiv: P"),
        "es": ("Por Ada, Bob", "(tesis doctoral)", "arXiv: P"),
        "fr": ("Par Ada, Bob", "(thèse de doctorat)", "arXiv: P"),
        "ja": ("著者：Ada、Bob", "(博士論文)", "arXiv: P"),
    }
    found = {}
    for name, translator in TRANSLATED.items():
        portfolio = replace(whole(work), translator=translator)
        [_, _, _, links] = publications.row(work, portfolio, nodes.Text("X"))
        [link] = links.findall(portfolio_link)
        found[name] = (byline(work, portfolio), work.aside(translator).strip(), link["label"])
    assert found == expected


def test_a_biography_is_in_the_language() -> None:
    records = (
        made(Job, title="Smith", organization="Acme"),
        made(Degree, organization="School", area="Metal"),
        made(Award, title="The Hammer"),
        made(Talk),
    )
    expected = {
        "de": "Ada arbeitet bei Acme als Smith und studierte Metal (School). "
        "Ada erhielt „Hammer (2020)“ und hielt Vorträge bei Conf.",
        "es": "Ada trabaja en Acme como Smith y estudió Metal en School. "
        "Ada recibió «Hammer (2020)» y ha dado charlas en Conf.",
        "fr": "Ada travaille chez Acme en tant que Smith et a étudié Metal (School). "
        "Ada a reçu «\u00a0Hammer (2020)\u00a0» et a donné des présentations à Conf.",
        "ja": "Adaは、AcmeでSmithとして勤務、SchoolでMetalを専攻。 "
        "Adaは、「Hammer (2020)」を受賞、Confで講演。",
    }
    for name, translator in TRANSLATED.items():
        portfolio = replace(whole(*records), translator=translator)
        assert " ".join(bio.sentences(portfolio)) == expected[name], name


# -- Exports --------------------------------------------------------------------


def test_exports_are_in_the_language(tmp_path: Path) -> None:
    portfolio = replace(whole(made(Job), made(Talk, video="https://a.example")), today=Date(2024))
    german = replace(portfolio, translator=TRANSLATED["de"])
    path = tmp_path / "cv.pdf"
    path.write_bytes(pdf.cv(german))
    reader = PdfReader(path)
    found = reader.pages[0].extract_text()
    assert "Berufserfahrung" in found
    assert "2021 - heute" in found
    assert reader.metadata is not None
    assert reader.metadata.title == "Ada: Lebenslauf"
    assert str(reader.root_object["/Lang"]) == "de"
    assert "\nBERUFSERFAHRUNG\n" in text.cv(german).decode()
    assert "\nVideo: https://a.example\n" in text.cv(german).decode()


def test_labels_in_japanese_need_a_font(tmp_path: Path) -> None:
    portfolio = replace(whole(made(Job)), translator=TRANSLATED["ja"])
    with pytest.raises(MissingGlyphError, match="portfolio_fonts"):
        pdf.cv(portfolio)
    texts = (each for it in catalogs.read("ja") for each in strings(it.string))
    characters = "".join(sorted({each for text in texts for each in text if not each.isascii()}))
    font = write_font(tmp_path / "squares.ttf", characters)
    path = tmp_path / "cv.pdf"
    path.write_bytes(pdf.cv(replace(portfolio, fonts=(str(font),))))
    found = PdfReader(path).pages[0].extract_text()
    assert "職歴" in found
    assert "2021年-現在" in squashed(found)


# -- Sites ----------------------------------------------------------------------


@contextmanager
def built(source: Path, **conf: Any) -> Iterator[Site]:
    """Build a site; warnings are errors."""
    app = SphinxTestApp("html", srcdir=source, confoverrides=conf, warningiserror=True)
    try:
        app.build()
        yield Site(Path(app.outdir))
    finally:
        app.cleanup()


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, set[Any]]]:
    """The example in German, and the ids of the messages that it asked for."""
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("german") / "source")
    with (source / "skills.md").open("a", encoding="utf-8") as page:
        page.write(EXTRA)
    asked: set[Any] = set()
    gettext, ngettext = Translator.gettext, Translator.ngettext

    def one_form(self: Translator, message: str, **values: object) -> str:
        asked.add(message)
        return gettext(self, message, **values)

    def two_forms(self: Translator, singular: str, plural: str, count: int) -> str:
        asked.add((singular, plural))
        return ngettext(self, singular, plural, count)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Translator, "gettext", one_form)
        patch.setattr(Translator, "ngettext", two_forms)
        with built(source, language="de") as site:
            yield site, asked


def test_no_label_is_left_out_of_the_catalogs(german: tuple[Site, set[Any]]) -> None:
    _, asked = german
    known = {message.id for message in catalogs.template()}
    assert len(asked) > 80
    assert asked - known == set()


def test_pages_are_in_the_language(german: tuple[Site, set[Any]]) -> None:
    site, _ = german
    page = site["skills"]
    facts = one(page, "#voicing .portfolio-facts").get_text()
    assert "1 Stelle:" in facts
    assert "1 Vortrag:" in facts
    changelog = one(page, "#changelog-2021 .portfolio-changelog")
    assert [each.get_text() for each in changelog.select("dt")] == ["Begonnen", "Abgeschlossen"]
    assert [each.get_text() for each in page.select("p.portfolio-nothing")] == [
        "Keine bevorstehenden Vorträge zum Thema Voicing.",
        "Keine künftigen Veröffentlichungen.",
        "Noch keine Zusammenfassung: Sie gehört als `summary` in portfolio_person in conf.py.",
        "Noch keine Einträge.",
    ]
    assert page.select(".portfolio-words")[1].get_text() == "3 Wörter"
    newest = one(page, ".portfolio-newest")
    assert newest.get_text() == "Stand: Juni 2024"
    assert one(newest, "time")["datetime"] == "2024-06-01"
    home = site["index"]
    assert one(home, ".portfolio-timeline figure > svg")["aria-label"] == "Zeitachse, 2017 bis 2024"
    assert one(home, ".portfolio-timeline summary").get_text() == "Als Liste"
    links = [each.get_text() for each in home.select(".portfolio-links a")]
    assert links == ["Video auf video.example", "Folien", "Veranstaltungsseite"]
    assert one(site["404"], "h1").get_text() == "Seite nicht gefunden"
    assert site["404"].select("nav[aria-label=Hauptseiten] a")[0].get_text() == "Startseite"
    assert one(home, "nav.sidebar-tree")["aria-label"] == "Seiten"
    assert one(home, ".portfolio-sidebar-cv").get_text() == "Lebenslauf, PDF"
    for name, words in {"cv.txt": "\nVORTRÄGE\n", "cv.md": "\n## Vorträge\n"}.items():
        assert words in (site.folder / name).read_text(encoding="utf-8")
    resume = json.loads((site.folder / "resume.json").read_text(encoding="utf-8"))
    assert {"work", "publications", "skills"} <= resume.keys()
    index = (site.folder / "portfolio-index.js").read_text(encoding="utf-8")
    assert '["wind-meter","Projekt",' in index


def test_scripts_are_in_the_language(german: tuple[Site, set[Any]]) -> None:
    site, _ = german
    scripts = "".join(
        path.read_text(encoding="utf-8")
        for path in (site.folder / "_static/sphinx-portfolio").glob("*.js")
    )
    for name in ("index", "search", "404"):
        data = one(site[name], "script#portfolio-messages")
        assert data["type"] == "application/json"
        messages = json.loads(str(data.string))
        assert messages["{count} talks"] == "{count} Vorträge"
        # Each is a message of a script, letter by letter.
        assert [each for each in messages if f'"{each}"' not in scripts] == []


def test_in_english_there_is_nothing_to_translate(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_portfolio"]\n', encoding="utf-8")
    (tmp_path / "index.rst").write_text("Home\n====\n\n.. skills::\n", encoding="utf-8")
    with built(tmp_path) as site:
        assert one(site["index"], ".portfolio-nothing").get_text() == "No skills yet."
        assert not site["index"].select("#portfolio-messages")


def test_words_of_japanese_are_counted_by_characters(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_portfolio"]\n', encoding="utf-8")
    page = "家\n==\n\n.. bio::\n\n   オルガンを 作る。\n"
    (tmp_path / "index.rst").write_text(page, encoding="utf-8")
    with built(tmp_path, language="ja") as site:
        assert one(site["index"], ".portfolio-words").get_text() == "8文字"


def test_a_site_may_have_catalogs_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_portfolio"]\n', encoding="utf-8")
    (tmp_path / "index.rst").write_text(
        "Home\n====\n\n.. skills::\n\n.. projects::\n", encoding="utf-8"
    )
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    message = 'msgid "No skills yet."\nmsgstr "{}"\n'
    expected = {
        "nl": ("Nog geen vaardigheden.", "No projects yet."),  # a new language
        "de": ("Nichts.", "Noch keine Projekte."),  # other words
    }
    for language, texts in expected.items():
        catalog = tmp_path / "locales" / language / "LC_MESSAGES" / "sphinx_portfolio.po"
        catalog.parent.mkdir(parents=True)
        catalog.write_text(header + message.format(texts[0]), encoding="utf-8")
        with built(tmp_path, language=language) as site:
            found = tuple(each.get_text() for each in site["index"].select(".portfolio-nothing"))
            assert found == texts, language
    # An edit of the catalog alone changes the pages.
    catalog.write_text(header + message.format("Gar nichts."), encoding="utf-8")
    with built(tmp_path, language="de") as site:
        assert site["index"].select(".portfolio-nothing")[0].get_text() == "Gar nichts."
    for wrong in ("Nichts {hier}.", "Nichts {.", "Nichts {}.", "{kind.name}"):
        catalog.write_text(header + message.format(wrong), encoding="utf-8")
        catalog.with_suffix(".mo").unlink()
        with pytest.raises(ConfigError) as raised, built(tmp_path, language="de"):
            pass
        assert f"the translation {wrong!r} of 'No skills yet.'" in str(raised.value)
