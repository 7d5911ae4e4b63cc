"""Hostile values in every field that data can set, looked for in every output.

The same pages and BibTeX files are built twice: with hostile values, and with a harmless word in
place of each. The hostile build must not have an element, attribute, command or scheme that the
harmless one lacks, and each value must be, as text, where its harmless word is. Values that are
refused are in a build of their own.

Formats come from `EXPORTS`, views from `VIEWS` and kinds from `KINDS`: what is added there is
attacked without an edit. A new media type needs a line in `READERS`.
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup, Tag
from icalendar.cal.component import Component
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors
from sphinx.util.inventory import InventoryFile

from invented import TODAY
from sphinx_portfolio.bibtex import conversion, values
from sphinx_portfolio.bibtex.bibliographies import read_works
from sphinx_portfolio.bibtex.kinds import BIB_KINDS
from sphinx_portfolio.bibtex.latex import plain_text
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import EXPORTS, SITE_EXPORTS, Export, llms, share
from sphinx_portfolio.exports.docx import MEDIA_TYPE as DOCX
from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.model import KINDS, Person, Portfolio, RecordError, assemble, plain
from sphinx_portfolio.model.validators import UNSHOWABLE, address, scheme
from sphinx_portfolio.sources import private
from sphinx_portfolio.sources.directives import COMMON
from sphinx_portfolio.views import VIEWS
from support import card_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from sphinx_portfolio.bibtex.conversion import BibKind
    from sphinx_portfolio.model.kind import Option

# sphinx-notfound-page uses what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning:notfound"
)

# -- Hostile values -----------------------------------------------------------

TEXTS = {
    # HTML and XML
    "script": "<script>alert(1)</script>",
    "svg": '"><svg/onload=alert(1)>',
    "apostrophe": "' onmouseover='alert(1)",
    "quote": '" autofocus onfocus="alert(1)',
    "entities": "& &amp; &lt;b&gt; &#60;script&#62; &notit; &",
    "cdata": "]]><script>alert(1)</script><![CDATA[",
    "comment": "<!-- x --><!--",
    "closing": "</title></style></textarea></pre></svg><img src=x onerror=alert(1)>",
    "doctype": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "unclosed": "<a href=",
    "iframe": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    # Templates and format strings
    "jinja": "{{ 7*7 }} {% raw %} {# x #}",
    "template": "${7*7} #{7*7} <%= 7*7 %> <%",
    "format": "{0} {x} {} {{}} %s %d %(x)s %n",
    "percent": "100 % %",
    "shell": "$(id) `id` ; | & ${HOME}",
    "sql": "'; DROP TABLE x; --",
    # Markdown, MyST, reStructuredText
    "fence": "```{raw} html <script>alert(1)</script> ```",
    "roles": "{raw}`x` {ref}`index` {job}`job-script` {cite}`talk-script`",
    "attributes": "[x]{#y .z onclick=alert(1)} {#y}",
    "md-link": "[x](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "md-reference": "[x]: https://evil.example <https://evil.example>",
    "md-heading": "# x ##",
    "md-list": "- x",
    "md-number": "1. x",
    "md-table": "| a | b | |---|---|",
    "md-looks": "**b** _i_ ~~s~~ `c` ``",
    "md-quote": "> x",
    "md-math": "$x$ $$y$$ \\(z\\)",
    "md-line": "---",
    "md-footnote": "[^1] [^1]: x",
    "md-end": "x \\",
    "rst-substitution": "|today| |x|_ `x`_ `y <z>`__ x_",
    "rst-directive": ".. raw:: html",
    "rst-role": ":raw-html:`<b>` :job:`job-script`",
    "index": "a;b!c; see x",
    # LaTeX, BibTeX, typst
    "tex-input": "\\input{/etc/passwd} \\immediate\\write18{id}",
    "tex-href": "\\href{javascript:alert(1)}{x} \\url{file:///etc/passwd}",
    "tex-signs": "# $ & _ ^ ~ {}",
    "tex-end": "\\end{document} \\begin{verbatim} \\catcode`\\%=0",
    "bibtex": "@comment{x} @string{a = b} x, title = y",
    "typst-import": '#import "x.typ": *',
    "typst-eval": '#eval("1") #read("/etc/passwd") #panic()',
    "typst-signs": "$ x $ @label <label> *b* _i_ `r` // x /* y */ ~ -? \\u{1F600}",
    "typst-heading": "= x",
    # JSON, CSV, JavaScript
    "json": '{"a": [1, null]}, "x": "y',
    "json-escapes": "\\u0000 \\u202e \\n \\",
    "csv": "=1+1",
    "csv-command": "=cmd|' /C calc'!A0",
    "csv-at": "@SUM(1+1)",
    "prototype": "__proto__ constructor toString hasOwnProperty",
    "nothing": "null",
    "number": "1e999",
    # Paths and addresses
    "path": "../../etc/passwd",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "file": "file:///etc/passwd",
    "host": "//evil.example/x",
    "credentials": "https://user:password@evil.example/",
    "address": 'https://evil.example/"><script>alert(1)</script>',
    "encoded": "%3Cscript%3E %00 %0d%0aSet-Cookie:x",
    # White space
    "tab": "a\tb",
    "spaces": "a   b",
    "hard": "a\u00a0b\u2003c\u3000d",
    # Unicode
    "rtl": "שלום עולם",
    "isolate": "a\u2067b\u2069c",
    "combining": "Z" + "\u0335\u0336\u0337" * 10,
    "invisible": "a\u200bb\u200dc\u2060d\u00ade",
    "dash": "-",
    "dots": "... a",
    "comma": "x, y and z",
}
# These are in texts of their own, since they attack by their beginning or their end. The others
# are joined, several in one text.
ALONE = {
    *("svg", "apostrophe", "quote", "unclosed", "percent", "fence", "md-heading", "md-list"),
    *("md-number", "md-line", "md-end", "tex-end", "typst-heading", "json", "csv", "csv-command"),
    *("nothing", "javascript", "host", "dash", "comma"),
}
# The fonts of the PDF lack these signs.
NO_FONT = {
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 1️⃣",
    "cjk": "漢字 かな 한글 مرحبا",
    "fullwidth": "＜script＞alert(1)＜/script＞",
}
# In a build of their own, and in few fields: Sphinx's text builder takes minutes for them.
LARGE = {"long": "abcdefghij" * 1000, "many": "word " * 6_999 + "word"}
WIDE = {"title", "summary", "organization", "abstract"}
# Line breaks, which options can't have.
LINES = {"newline": "a\nb", "crlf": "a\r\nb", "lines": "a\n\n:url: javascript:alert(1)\n@x{y}"}
# Characters that can't be shown. Surrogates can't be in UTF-8.
REFUSED = {
    "nul": "a\0b",
    "bell": "a\ab",
    "ansi": "\x1b[31mred\x1b[0m",
    "delete": "a\x7fb",
    "c1": "a\x9b31mb",
    "override": "a\u202eb",
    "embedding": "a\u202ab",
    "open-isolate": "a\u2067b",
    "noncharacter": "a\ufffeb",
    "last": "a\uffffb",
}
SURROGATE = "a\ud800b"
ADDRESSES = {
    "ampersand": "https://a.example/?a=1&b=2&lt;=3&quot;onload=x",
    "apostrophe": "https://a.example/'onload='x",
    "encoded": "https://a.example/%3Cscript%3E%22%00",
    "percent": "https://a.example/%s%n%",
    "port": "https://a.example:8443/x",
    "ipv6": "https://[2606:4700::1111]/x",
    "idn": "https://münchen.example/ü?ö#ä",
    "markdown": "https://a.example/(x)_y_*z*[w]~v~`u`",
    "tex": "https://a.example/$x$#y^z_w~v",
    "typst": "https://a.example/#import@label",
    "long": "https://a.example/" + "x" * 400,
}
BAD_ADDRESSES = {
    "javascript": "javascript:alert(1)",
    "upper": "JaVaScRiPt:alert(1)",
    "entity": "&#106;avascript:alert(1)",
    "data": "data:text/html,x",
    "file": "file:///etc/passwd",
    "vbscript": "vbscript:x",
    "ftp": "ftp://a.example/",
    "host": "//evil.example/x",
    "path": "../../etc/passwd",
    "credentials": "https://user:password@evil.example/",
    "at": "https://a.example@evil.example/",
    "port": "https://a.example:99999/",
    "half": "https://[::1/",
    "none": "https:///x",
    "space": "https://a.example/ onload=x",
    "quote": 'https://a.example/"onload="x',
    "markup": "https://a.example/<script>",
    "backslash": "https://a.example\\@evil.example/",
    "brace": "https://a.example/{x}",
    "override": "https://a.example/\u202ex",
}
URLS = [*ADDRESSES.values()]
# Neither text nor an address is valid in these.
STRICT = {
    "id": "a b",
    "audience": "<b>",
    "selected": "no",
    "date": "soon",
    "start": "19",
    "end": "x",
}
STRICT |= {"reviewed": "1.1.2020"}

# -- Sources ------------------------------------------------------------------

# Without html_baseurl, so that sphinx-sitemap is not used: it starts a process for each build.
CONF = """\
project = author = "Attacked"
language = "en"
version = copyright = "1"
extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
myst_enable_extensions = [
    "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist",
    "html_admonition", "html_image", "strikethrough", "substitution", "tasklist",
]
bibtex_bibfiles = ["talks/talks.bib", "publications/publications.bib"]
exclude_patterns = ["_build"]
"""
VIEW_OPTIONS = {
    "downloads": ["", *(f":button: {export.name}" for export in EXPORTS if not export.libraries)],
    "entries": [f":kind: {name}" for name in KINDS],
    "publications": [":newest: 9999"],
    "talks": [":newest: 9999"],
}
RECORD = """\
## {group}

### {title}

````````{{{kind}}}
:id: {id}
{options}
````````

{summary}

- {highlight}
  - {nested}
  - [{proof}](https://proof.example/)

{term}
: {detail}

"""
# Texts of a record's page, and how the record has them.
PARTS: dict[str, Callable[[Any], str]] = {
    "title": lambda record: record.title,
    "summary": lambda record: plain(record.summary),
    "highlight": lambda record: plain(record.highlights[0].text),
    "nested": lambda record: plain(record.highlights[0].highlights[0].text),
    "proof": lambda record: "".join(map(plain, record.highlights[0].evidence)),
    "term": lambda record: plain(record.details[0].term),
    "detail": lambda record: plain(record.details[0].text),
}
# Options that must be parts of these texts, and options with dates.
QUOTES = {
    "short": "organization",
    "study": "title",
    "area": "title",
    "score": "title",
    "courses": "term",
}
LISTS = {"aliases", "events"}  # separated by commas
DATES = {"start": "2019", "end": "2020", "date": "2020-05", "reviewed": "2020"}
# LaTeX commands of signs.
PYGMENTS = re.findall("..", "ambscacbdldqgthyltobpcshsqtius")
TEX_SIGNS = {
    *("#", "$", "%", "&", "_", "{", "}", "PYG", "sphinxhyphen", "sphinxleftcurlybrace"),
    *("sphinxrightcurlybrace", "sphinxurl", "textasciicircum", "textasciigrave"),
    *("textasciitilde", "textbackslash", "textbar", "textendash", "textgreater", "textless"),
    *("textquotesingle", *(f"PYGZ{name}" for name in PYGMENTS)),
}
# The texts of entries, and the attributes of their records.
BIB_TEXTS = {"title": "title", "abstract": "summary", "note": "note", "shorttitle": "shorttitle"}
TEXTS_OF = {
    "talk": BIB_TEXTS | {"author": "speakers", "eventtitle": "event", "venue": "venue"},
    "publication": BIB_TEXTS | {"author": "authors", "journaltitle": "venue", "type": "format"},
}
IN_BIBTEX = tuple(f"{name}-" for name in BIB_KINDS)
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Place:
    """A field, what is written there, and how a Portfolio has it."""

    name: str
    value: str
    read: Callable[[Portfolio], str]


@dataclass
class Sources:
    """What is written into files and conf.py: values, or harmless words in place of them."""

    texts: Mapping[str, str]
    harmless: bool
    kinds: Collection[str] = tuple(name for name, kind in KINDS.items() if kind.options is not None)
    places: list[Place] = field(default_factory=list)

    def word(self, name: str, value: str, read: Callable[[Portfolio], str]) -> str:
        """Return what is written in a place."""
        self.places.append(Place(name, value, read))
        if not self.harmless:
            return value
        word = f"x{len(self.places) - 1}x"
        return f"https://a.example/{word}" if value in URLS else word

    @property
    def latex(self) -> dict[str, str]:
        """The texts that can be in BibTeX."""
        return joined_texts({name: text for name, text in self.texts.items() if is_latex(text)})

    def of(self, record: str, field: str, value: str, read: Callable[[Any], str]) -> str:
        """Return what is written in a field of a record; large values are in few fields."""
        if value in LARGE.values() and field not in WIDE:
            value = "x"
        return self.word(f"{record} {field}", value, lambda whole: read(whole.by_id[record]))

    def files(self) -> dict[str, str]:
        """Return the files by name."""
        folders = {kind.kind.plural: name for name, kind in BIB_KINDS.items()}
        lists = [f"{folder}/index" for folder in folders]
        toctree = "\n".join((*self.kinds, *lists, "views", "references"))
        return {
            "conf.py": CONF,
            "index.md": f"# Home\n\n```{{toctree}}\n{toctree}\n```\n",
            **{f"{name}.md": self.page(name) for name in self.kinds},
            **{f"{it}/{it}.bib": self.bibliography(name) for it, name in folders.items()},
            **{
                f"{it}/index.md": f"# All\n\n```{{{it}}}\n```\n\n```{{bibliography}}\n:all:\n```\n"
                for it in folders
            },
            "views.md": views(),
            "references.md": self.references(),
        }

    def page(self, kind: str) -> str:
        """Return the page of a kind, with a record for each text, or of ALONE for each third."""
        texts = joined_texts(self.texts)
        alone = [name for name in texts if name in ALONE]
        kept = alone[list(KINDS).index(kind) % 3 :: 3]
        records = (
            self.record(kind, name, text, url)
            for (name, text), url in zip(texts.items(), URLS * 20, strict=False)
            if name not in ALONE or name in kept
        )
        return f"# All\n\n{''.join(records)}"

    def record(self, kind: str, name: str, text: str, url: str) -> str:
        """Return a record that has a text in each field."""
        id_ = f"{kind}-{name}"
        parts = {part: self.of(id_, part, text, read) for part, read in PARTS.items()}
        group = self.of(id_, "group", text, lambda record: getattr(record, "group", text))
        options = {}
        for option in KINDS[kind].options or ():
            attribute = option.field or option.name
            if option.name in QUOTES:
                continue
            if option.name in DATES:
                options[option.name] = DATES[option.name]
            elif option.read is address:
                options[option.name] = self.of(id_, option.name, url, having(attribute))
            else:
                written = text.replace(",", ";") if option.name in LISTS else text
                if option.name == "events":  # not the organization, which is not said twice
                    written += " x"
                options[option.name] = self.of(id_, option.name, written, having(attribute))
        for option in KINDS[kind].options or ():
            # Sphinx makes other signs of dashes and dots in a title.
            if option.name in QUOTES and not re.search(r"--|\.\.\.", text):
                options[option.name] = (parts | options)[QUOTES[option.name]]
        lines = "\n".join(f":{name}: {indented(text)}" for name, text in options.items())
        escaped = {part: markdown(text) for part, text in parts.items()}
        return RECORD.format(kind=kind, id=id_, options=lines, group=markdown(group), **escaped)

    def bibliography(self, kind: str) -> str:
        """Return an entry for each text that BibTeX can have."""
        entries = []
        for (name, text), url in zip(self.latex.items(), URLS * 20, strict=False):
            id_ = f"{kind}-{name}"
            fields = {
                field: self.of(id_, field, text, having(attribute))
                for field, attribute in TEXTS_OF[kind].items()
            }
            fields |= {field: self.of(id_, field, url, having(field)) for field in addresses(kind)}
            fields |= {"eventdate": "2020-05-01", "keywords": f"topic-{name}"}
            lines = "".join(f"  {field} = {{{text}}},\n" for field, text in fields.items())
            entries.append(f"@thesis{{{id_},\n{lines}}}\n")
        return "\n".join(entries)

    def references(self) -> str:
        """Return a page with a reference to each record."""
        ids = dict.fromkeys(place.name.partition(" ")[0] for place in self.places)
        roles = (f"- {{{id_.partition('-')[0]}}}`{id_}`\n" for id_ in ids)
        return f"# References\n\n{''.join(roles)}"

    def settings(self) -> dict[str, Any]:
        """Return the values of conf.py that are data."""
        texts = {name: text for name, text in self.texts.items() if name not in NO_FONT}
        everything = " ¦ ".join(texts.values())
        email = "\"'><svg/onload=alert(1)>&%s@a.example"
        given = self.word("person name given", everything, given_name)
        family = self.word("person name family", everything, lambda it: it.person.family_name)
        return {
            "portfolio_exports": [
                export.name for export in (*EXPORTS, *SITE_EXPORTS) if not export.libraries
            ],
            "portfolio_topics": {
                f"topic-{name}": self.word(f"topic {name}", text, topic(f"topic-{name}"))
                for name, text in self.latex.items()
            },
            "portfolio_person": {
                "name": f"{given} {family}",
                "family_name": family,
                "location": self.word(
                    "person location", everything, lambda whole: whole.person.location
                ),
                "label": self.word("person label", everything, lambda whole: whole.person.label),
                "summary": self.word(
                    "person summary", everything, lambda whole: whole.person.summary
                ),
                "email": "x@a.example" if self.harmless else email,
                "profiles": {
                    self.word(f"network {name}", text, network(number)): url
                    for number, ((name, text), url) in enumerate(
                        zip(texts.items(), URLS * 20, strict=False)
                    )
                },
            },
        }


def joined_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Join texts, five by five, but for those that are alone."""
    found = {name: text for name, text in texts.items() if name in {*ALONE, *NO_FONT, *LARGE}}
    others = [name for name in texts if name not in found]
    for start in range(0, len(others), 5):
        names = others[start : start + 5]
        found["-".join(names)] = " ¦ ".join(texts[name] for name in names)
    return found


def given_name(portfolio: Portfolio) -> str:
    return portfolio.person.name.removesuffix(portfolio.person.family_name)


def addresses(kind: str) -> list[str]:
    """Return the fields of a kind in BibTeX that are attributes with any address."""
    names = (*conversion.ADDRESSES, *BIB_KINDS[kind].addresses)
    known = {each.name for each in dataclasses.fields(KINDS[kind].record)} - {"doi", "arxiv"}
    return [name for name in names if name in known]


def having(attribute: str) -> Callable[[Any], str]:
    """Return a reader of an attribute of a record as text; of people it is the first."""

    def read(record: Any) -> str:
        value = getattr(record, attribute)
        if attribute in {"speakers", "authors"}:
            return str(value[0])
        if attribute in {"summary", "note"} and not isinstance(value, str):
            return plain(value)
        return value if isinstance(value, str) else ",".join(value)

    return read


def topic(id_: str) -> Callable[[Portfolio], str]:
    """Return a reader of the title of a topic."""
    return lambda portfolio: dict(portfolio.topics)[id_]


def network(number: int) -> Callable[[Portfolio], str]:
    """Return a reader of the name of a network."""
    return lambda portfolio: portfolio.person.profiles[number].network


def indented(text: str) -> str:
    """Return an option's text, whose lines after the first are indented."""
    return re.sub(r"\n+", "\n    ", text)


def markdown(text: str) -> str:
    """Return Markdown that reads as a text."""
    return PUNCTUATION.sub(r"\\\1", " ".join(text.split()) if "\n" in text else text)


@cache
def is_latex(text: str) -> bool:
    """Tell whether a text can be in BibTeX: balanced braces, and no other fault."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    try:
        return not depth and bool(values.names(text).people) and bool(plain_text(text))
    except RecordError:
        return False


def views() -> str:
    """Return a page with all views."""
    parts = [
        f"```{{{name}}}\n{option}\n```\n"
        for name in VIEWS
        for option in VIEW_OPTIONS.get(name, [""])
    ]
    return "\n".join(["# Views\n", *parts])


# -- Outputs ------------------------------------------------------------------


@dataclass
class Output:
    """What an output says, and the names in its structure, which data must not add to."""

    text: str
    structure: Counter[object] = field(default_factory=Counter)


LINKED_DATA = "application/ld+json"
LINKS = {"href", "src", "action", "formaction", "poster", "data", "xlink:href", "cite"}


def read_html(content: bytes) -> Output:
    """Return the text and attributes of a page, and its elements as a browser makes them."""
    page = BeautifulSoup(content.decode(), "html5lib")
    for script in page.select(f'script[type="{LINKED_DATA}"]'):
        script.decompose()  # an output of its own
    structure: Counter[object] = Counter()
    attributes = []
    for element in page.find_all(True):
        assert isinstance(element, Tag)
        structure[element.name, tuple(sorted(element.attrs))] += 1
        for name in LINKS & element.attrs.keys():
            structure["scheme", name, scheme(str(element[name]))] += 1
        if element.name in {"script", "style"}:
            structure[element.name, str(element.string)] += 1
        attributes += [str(element.get(name, "")) for name in ("title", "alt")]
        if str(element.get("href", "")).startswith("https://"):
            attributes.append(str(element["href"]))
    assert page.html
    return Output("\n".join([page.html.get_text(), *attributes]), structure)


def read_linked_data(content: bytes) -> Output:
    """Return the strings and keys of the linked data in a page."""
    page = BeautifulSoup(content.decode(), "html5lib")
    return read_json(str(page.select(f'script[type="{LINKED_DATA}"]')[0].string).encode())


def read_markdown(content: bytes) -> Output:
    """Return what a reader of the rendered Markdown sees."""
    return read_html(MarkdownIt("commonmark").render(content.decode()).encode())


def read_json(content: bytes) -> Output:
    """Return the strings of a JSON document, and its keys."""
    structure: Counter[object] = Counter()
    texts = list(strings(json.loads(content), structure))
    return Output("\n".join(texts), structure)


def strings(value: object, structure: Counter[object]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            structure[key] += 1
            yield from strings(each, structure)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each, structure)


def read_xml(content: bytes) -> Output:
    """Return the text of an XML document, and its elements with their attributes."""
    root = ET.fromstring(content)  # noqa: S314 (our own)
    elements = [(each.tag, tuple(sorted(each.attrib))) for each in root.iter()]
    return Output("\n".join(root.itertext()), Counter(elements))


def read_text(content: bytes) -> Output:
    """Return a text, which has no controls."""
    text = content.decode()
    assert not UNSHOWABLE.search(text)
    return Output(text)


def read_bibtex(content: bytes) -> Output:
    """Return the values of the entries in BibTeX, and their types and fields."""
    structure: Counter[object] = Counter()
    texts = []
    for entry in parse_string(content.decode(), "bibtex").entries.values():
        structure.update([entry.type, *entry.fields, *entry.persons])
        texts += [entry.key, *entry.fields.values()]
        for person in (each for people in entry.persons.values() for each in people):
            names = (*person.first_names, *person.middle_names, *person.prelast_names)
            texts.append(" ".join((*names, *person.last_names, *person.lineage_names)))
    return Output("\n".join(texts), structure)


def read_calendar(content: bytes) -> Output:
    """Return the values of a calendar, and its components with their properties."""
    structure: Counter[object] = Counter()
    texts = []
    for component in Component.from_ical(content.decode()).walk():
        assert component.errors == []
        for name, value in component.items():
            structure[component.name, (name, *value.params)] += 1
            texts.append(str(value))
    return Output("\n".join(texts), structure)


def read_card(content: bytes) -> Output:
    """Return the values of a contact card, and its properties with their numbers of values."""
    lines = card_lines(content)
    structure = Counter[object](
        (name, (*parameters, len(values))) for name, parameters, values in lines
    )
    return Output("\n".join("\n".join(values) for _, _, values in lines), structure)


def read_pdf(content: bytes) -> Output:
    """Return the text of a PDF, and the actions and schemes of its annotations."""
    from pypdf import PdfReader  # noqa: PLC0415  (heavy)

    structure: Counter[object] = Counter()
    texts = []
    for page in PdfReader(io.BytesIO(content)).pages:
        texts.append(page.extract_text())
        for annotation in page.get("/Annots", ()):
            action = annotation.get_object().get("/A", {})
            structure[action.get("/S"), scheme(str(action.get("/URI", "")))] += 1
    assert b"/JavaScript" not in content
    return Output("\n".join(texts), structure)


def read_docx(content: bytes) -> Output:
    """Return the text of a Word document, the styles of its paragraphs, and schemes of links."""
    import docx  # noqa: PLC0415  (heavy)

    document = docx.Document(io.BytesIO(content))
    structure: Counter[object] = Counter()
    for paragraph in document.paragraphs:
        structure[paragraph.style.name if paragraph.style else ""] += 1
        structure.update(("scheme", scheme(link.address)) for link in paragraph.hyperlinks)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        structure.update(archive.namelist())
        assert b"<w:fldSimple" not in archive.read("word/document.xml")
        assert b"<w:instrText" not in archive.read("word/document.xml")
    return Output("\n".join(paragraph.text for paragraph in document.paragraphs), structure)


def read_picture(content: bytes) -> Output:
    """Return nothing: a picture has no text."""
    return Output("")


# How to read an export, by its media type.
READERS: dict[str, Callable[[bytes], Output]] = {
    "application/json": read_json,
    "application/ld+json": read_json,
    "application/pdf": read_pdf,
    "application/atom+xml": read_xml,
    "application/rss+xml": read_xml,
    "application/x-bibtex": read_bibtex,
    "application/xml": read_xml,
    DOCX: read_docx,
    "image/png": read_picture,
    "image/svg+xml": read_xml,
    "text/calendar": read_calendar,
    "text/csv": read_text,
    "text/html": read_html,
    "text/markdown": read_markdown,
    "text/plain": read_text,
    "text/vcard": read_card,
    "text/xml": read_xml,
}


# -- The builds ---------------------------------------------------------------

# What Sphinx makes of quotes, dashes and dots.
TYPOGRAPHIC = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "--", "—": "---", "…": "..."}
)


def same(text: str) -> str:
    """Return a text without what outputs change: white space, separators, isolates, typography."""
    return re.sub(r"[\s,;\u2066-\u2069]+", "", text.translate(TYPOGRAPHIC))


ADDRESS_TEXTS = {same(url) for url in URLS}


@dataclass(frozen=True)
class Built:
    """What was built: the folder, the portfolio, and what was written where."""

    folder: Path
    portfolio: Portfolio
    places: list[Place]
    outputs: dict[str, Output]


@contextmanager
def built_with(
    builder: str, folder: Path, files: dict[str, str], **settings: object
) -> Iterator[SphinxTestApp]:
    """Write files, if they are not there, and build them."""
    for name, text in files.items():
        path = folder / name
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    app = SphinxTestApp(builder, srcdir=folder, confoverrides=settings)
    try:
        app.build()
        yield app
    finally:
        app.cleanup()


# Macros that LaTeX would run are unknown here, and the card has all texts.
EXPECTED = ("; it is text", "as text [", "can't be scanned: shorten portfolio_person")


def build(folder: Path, sources: Sources, builders: Iterable[str]) -> Built:
    """Build the sources with all builders; nothing may be reported."""
    files, settings = sources.files(), sources.settings()
    outputs: dict[str, Output] = {}
    for builder in builders:
        with built_with(builder, folder, files, **settings) as app:
            warnings = strip_colors(app.warning.getvalue()).splitlines()
            unexpected = [it for it in warnings if not any(each in it for each in EXPECTED)]
            assert not unexpected, unexpected[:20]
            outputs |= BUILDERS[builder](app.outdir)
            portfolio = portfolio_domain(app.env).portfolio
    outputs |= {export.name: read_export(export, portfolio) for export in EXPORTS}
    outputs[share.NAME] = read_pictures(portfolio)
    return Built(folder, portfolio, sources.places, outputs)


def read_export(export: Export, portfolio: Portfolio) -> Output:
    """Make an export and read it; of one that is typeset, reading all would take long."""
    person = dataclasses.replace(portfolio.person, url="https://site.example/")
    portfolio = dataclasses.replace(portfolio, person=person)
    if "typst" in export.libraries:
        shapes = {kind.shape: name for name, kind in KINDS.items()}
        portfolio = typesettable(portfolio, shapes.values())
    if not export.applies(portfolio) or export.media_type.startswith("image/"):
        portfolio = short(portfolio)
    return READERS[export.media_type](export.make(portfolio))


def typesettable(portfolio: Portfolio, kinds: Collection[str]) -> Portfolio:
    """Return a portfolio of some kinds, without the records for whose signs there is no font."""
    left_out = ALONE | NO_FONT.keys()
    kept = (each for each in portfolio.records if each.kind in kinds)
    kept = (each for each in kept if each.id.partition("-")[2] not in left_out)
    return dataclasses.replace(portfolio, records=tuple(kept))


def read_pictures(portfolio: Portfolio) -> Output:
    """Return what share pictures show, which their alternative text says."""
    files, notes = share.pictures(typesettable(portfolio, KINDS))
    assert notes == []
    assert all(len(content) <= share.LIMIT for content in files.values())
    return Output("\n".join(file.title for file in files), Counter({"pictures": len(files)}))


def short(portfolio: Portfolio) -> Portfolio:
    """Return a portfolio of one page, with a record of each kind."""
    records = {each.kind: dataclasses.replace(each, selected=True) for each in portfolio.records}
    return dataclasses.replace(
        portfolio, person=Person("Attacked"), records=tuple(records.values())
    )


def read_site(folder: Path) -> dict[str, Output]:
    """Return the pages of a site, its search index, and its inventory."""
    outputs = {
        page.relative_to(folder).as_posix(): read_html(page.read_bytes())
        for page in sorted(folder.rglob("*.html"))
    }
    for page in sorted(folder.rglob("*.html")):
        if LINKED_DATA.encode() in (content := page.read_bytes()):
            name = page.relative_to(folder).as_posix()
            outputs[f"{name} linked data"] = read_linked_data(content)
    texts = sorted(folder.rglob("*.html.md"))
    for path in (*texts, folder / llms.INDEX, folder / llms.FULL):
        outputs[path.relative_to(folder).as_posix()] = read_markdown(path.read_bytes())
    index = (folder / "searchindex.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"Search\.setIndex\((.*)\)", index, re.DOTALL)
    assert found
    titles = json.loads(found[1])["alltitles"]
    outputs["searchindex.js"] = Output("\n".join(titles))
    inventory = InventoryFile.loads((folder / "objects.inv").read_bytes(), uri="")
    names = [
        item.display_name
        for kind, items in inventory.data.items()
        if kind.startswith("portfolio:")
        for item in items.values()
    ]
    outputs["objects.inv"] = Output("\n".join(names), Counter({"objects": len(names)}))
    return outputs


def read_epub(folder: Path) -> dict[str, Output]:
    """Return the documents of a book."""
    [book] = folder.glob("*.epub")
    with zipfile.ZipFile(book) as archive:
        return {
            f"epub {name}": read_xml(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xhtml", ".ncx", ".opf", ".xml"))
        }


def read_latex(folder: Path) -> dict[str, Output]:
    """Return the commands of the LaTeX file."""
    [path] = folder.glob("*.tex")
    commands = re.findall(r"\\([a-zA-Z]+|[^a-zA-Z])", path.read_text(encoding="utf-8"))
    return {"latex": Output("", Counter(commands))}


def read_texts(folder: Path) -> dict[str, Output]:
    """Return the text files."""
    pages = sorted(folder.rglob("*.txt"))
    return {page.relative_to(folder).as_posix(): read_text(page.read_bytes()) for page in pages}


BUILDERS = {"html": read_site, "epub": read_epub, "latex": read_latex, "text": read_texts}


@dataclass(frozen=True)
class Attack:
    """The same with hostile values and with harmless words."""

    hostile: Built
    harmless: Built


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Attack:
    """Build both."""
    texts = TEXTS | NO_FONT | LINES
    hostile, harmless = (
        build(tmp_path_factory.mktemp("attack"), Sources(texts, harmless=harmless), BUILDERS)
        for harmless in (False, True)
    )
    return Attack(hostile, harmless)


# -- Accepted values ----------------------------------------------------------


def test_each_media_type_has_a_reader() -> None:
    assert {export.media_type for export in EXPORTS} <= READERS.keys()


def test_each_record_is_built_and_has_the_text_that_was_written(attack: Attack) -> None:
    portfolio = attack.hostile.portfolio
    assert {each.id for each in portfolio.records} == {
        each.id for each in attack.harmless.portfolio.records
    }
    assert {each.kind for each in portfolio.records} == set(KINDS)
    faults = []
    for place in attack.hostile.places:
        # BibTeX is LaTeX, in which signs have meanings; names are read by their parts.
        latex = place.name.startswith(IN_BIBTEX) and place.value not in URLS
        if latex and (re.search(r"[^\w.;:()/=+|\[\] ]", place.value) or "author" in place.name):
            continue
        if same(place.read(portfolio)) != same(place.value):
            faults.append((place.name, place.read(portfolio), place.value))
    assert not faults, faults


def test_values_add_no_structure(attack: Attack) -> None:
    assert attack.hostile.outputs.keys() == attack.harmless.outputs.keys()
    faults = {}
    linked = {name: it for name, it in attack.harmless.outputs.items() if "linked data" in name}
    properties = {key for it in linked.values() for key in it.structure}
    for name, harmless in attack.harmless.outputs.items():
        hostile = attack.hostile.outputs[name].structure
        more = hostile - harmless.structure
        if name == "latex":  # each sign may have a command of its own
            more = Counter({key: count for key, count in more.items() if key not in TEX_SIGNS})
        elif "genindex" in name or name.endswith(".pdf"):  # first letters, lines of a link
            more = Counter(hostile.keys() - harmless.structure.keys())
        elif name in linked:  # equal values are one, and a name may be several people
            more = Counter(hostile.keys() - properties)
        # Long labels of the timeline take several lines.
        more.pop(("text", ("class", "x", "y")), None)
        if more:
            faults[name] = more
    assert not faults, faults


def test_each_value_is_where_its_harmless_word_is(attack: Attack) -> None:
    faults = []
    for name, harmless in attack.harmless.outputs.items():
        hostile = same(attack.hostile.outputs[name].text)
        if name.endswith(".pdf"):
            hostile = hostile.replace("-", "")
        needed = Counter(
            texts
            for number in re.findall(r"x(\d+)x", harmless.text)
            if (texts := expected(attack, int(number), name))
        )
        for texts, count in needed.items():
            # Both indexes and linked data join entries of the same text, addresses may be shown in
            # part, and on paper a text may continue on the next page.
            joins = "index" in name or "linked data" in name or name.endswith(".pdf")
            once = joins or texts <= ADDRESS_TEXTS
            if sum(map(hostile.count, texts)) < (1 if once else count):
                faults.append((name, texts, count, [hostile.count(text) for text in texts]))
    assert not faults, faults


def expected(attack: Attack, number: int, output: str) -> frozenset[str]:
    """Return the texts that an output may have in place of a harmless word; empty for any."""
    place = attack.hostile.places[number]
    if place.value in URLS and not output.endswith(".html"):
        return frozenset()  # they are percent-encoded
    texts = {same(place.read(attack.hostile.portfolio))}
    if place.name.startswith(IN_BIBTEX):  # its page also has the BibTeX
        texts.add(same(place.value))
    if output.endswith(".pdf"):
        # Lines end in hyphens, and other scripts and invisible signs can't be read back.
        plain = {text.replace("-", "") for text in texts if text.replace("¦", "").isascii()}
        return frozenset(plain if not place.name.startswith("person name") else ())
    return frozenset(texts)


def test_pages_are_well_formed_and_load_nothing_else(attack: Attack) -> None:
    for name, output in attack.hostile.outputs.items():
        schemes = {key[2] for key in output.structure if isinstance(key, tuple) and len(key) == 3}
        assert schemes <= {"", "http", "https", "mailto", "tel"}, name


def test_signs_without_a_font_are_one_error_with_a_place(attack: Attack) -> None:
    portfolio = attack.hostile.portfolio
    portfolio = dataclasses.replace(portfolio, person=Person("Attacked"))
    for export in EXPORTS:
        for id_ in (f"{kind}-{name}" for kind in KINDS for name in NO_FONT):
            record = portfolio.by_id[id_]
            one = dataclasses.replace(
                portfolio, records=(dataclasses.replace(record, selected=True),)
            )
            if not export.applies(one):
                continue
            try:
                assert export.make(one)
            except ExportError as error:
                assert record.place in str(error)
                assert "\n" not in str(error)


def test_large_values(tmp_path: Path) -> None:
    sources = Sources(LARGE, harmless=False, kinds=("job",))
    with built_with("html", tmp_path, sources.files(), **sources.settings()) as app:
        [warning] = strip_colors(app.warning.getvalue()).splitlines()
        assert EXPECTED[-1] in warning
        portfolio = portfolio_domain(app.env).portfolio
        outputs = read_site(app.outdir)
    # The name is on each page of a PDF.
    portfolio = dataclasses.replace(portfolio, person=Person("Attacked"))
    for export in EXPORTS:
        try:
            outputs[export.name] = READERS[export.media_type](export.make(portfolio))
        except ExportError as error:
            assert export.libraries  # a PDF has limits
            assert error.place == portfolio.by_id["job-many"].place
    for name, text in LARGE.items():
        for output in (
            "job.html",
            "talks/index.html",
            "publications/index.html",
            "cv.txt",
            "cv.md",
            "resume.json",
        ):
            assert same(outputs[output].text).count(same(text)) >= 2, (name, output)


# -- Refused values -----------------------------------------------------------


@dataclass
class Refusals:
    """Pages and entries with one invalid field each, beside valid ones, and their lines."""

    lines: list[str] = field(default_factory=list)
    expected: dict[int, str] = field(default_factory=dict)

    def add(self, text: str, offset: int | None = None, name: str = "") -> None:
        """Add lines; the one at an offset is where the invalid field is reported."""
        if offset is not None:
            self.expected[len(self.lines) + offset + 1] = name
        self.lines += text.split("\n")


def invalid(option: Option) -> dict[str, str]:
    """Return invalid texts of an option, by name."""
    # In Markdown, NUL is read as U+FFFD (CommonMark 0.31, section 2.3).
    texts = {name: text for name, text in REFUSED.items() if name != "nul"}
    if option.read is address:
        return BAD_ADDRESSES | texts
    return texts | ({option.name: STRICT[option.name]} if option.name in STRICT else {})


def refused_page(kind: str) -> Refusals:
    """Return a page with a valid record before and after each invalid one."""
    page = Refusals(["# All", ""])
    number = 0
    options = [*COMMON, *(KINDS[kind].options or ())]
    required = {option.name: option.example for option in options if option.example}
    if kind == "service":
        required["start"] = "2019"
    for option in options:
        for name, text in invalid(option).items():
            number += 1
            values = required | {"id": f"{kind}-{number}", option.name: text}
            lines = "\n".join(f":{key}: {value}" for key, value in values.items())
            record = f"## Title {number}\n\n```{{{kind}}}\n{lines}\n```\n"
            page.add(record, 2, f"{option.name} {name}")
    return page


VALID = "## Valid\n\n```{job}\n:id: valid\n:organization: Acme\n:start: 2020\n```\n"


def test_invalid_options_are_reported_with_their_lines_and_the_rest_is_built(
    tmp_path: Path,
) -> None:
    pages = {name: refused_page(name) for name, kind in KINDS.items() if kind.options is not None}
    toctree = "\n".join(pages)
    files = {
        "conf.py": CONF.replace("bibtex_bibfiles", "unused"),
        "index.md": f"# Home\n\n{VALID}\n## Pages\n\n```{{toctree}}\n{toctree}\n```\n",
        **{f"{name}.md": "\n".join(page.lines) for name, page in pages.items()},
    }
    with built_with("html", tmp_path, files) as app:
        found = warnings(app)
        portfolio = portfolio_domain(app.env).portfolio
        for export in EXPORTS:
            if export.applies(portfolio):
                assert (app.outdir / export.name).stat().st_size > 0
    for name, page in pages.items():
        path = str(tmp_path / f"{name}.md")
        lines = Counter(line for file, line, _ in found if file == path)
        missing = {page.expected[line] for line in page.expected.keys() - lines.keys()}
        assert not missing, (name, missing)
        assert lines == Counter(page.expected.keys()), name
    assert not [message for _, _, message in found if UNSHOWABLE.search(message)]
    assert [each.id for each in portfolio.records] == ["valid"]


def warnings(app: SphinxTestApp) -> list[tuple[str, int, str]]:
    """Return what was reported: file, line and message."""
    found = []
    for line in strip_colors(app.warning.getvalue()).splitlines():
        match = re.fullmatch(r"(.+?):(\d+): (?:WARNING|ERROR): (.+)", line)
        assert match, line
        found.append((match[1], int(match[2]), match[3]))
    return found


def entry(key: str, **fields: str) -> str:
    values = {"author": "Ada", "title": "T", "eventtitle": "E", "year": "2020"} | fields
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items())
    return f"@unpublished{{{key},\n{lines}}}"


@pytest.mark.parametrize("kind", BIB_KINDS.values(), ids=BIB_KINDS)
def test_invalid_entries_are_all_reported_with_their_lines(kind: BibKind) -> None:
    with_address = {*conversion.ADDRESSES, *kind.addresses}
    cases = [
        (name, label, text)
        for name in dict.fromkeys((*conversion.FIELDS, *kind.fields))
        for label, text in ((BAD_ADDRESSES if name in with_address else {}) | REFUSED).items()
    ]
    keys = []  # by line
    text = ""
    for number, (name, _, value) in enumerate(cases):
        for key, fields in ((f"bad-{number}", {name: value}), (f"valid-{number}", {})):
            lines = entry(key, **fields) + "\n"
            keys += [key] * lines.count("\n")
            text += lines
    _, findings = read_works(text.encode(), kind, ())
    found = {keys[finding.line - 1] for finding in findings}
    expected = {f"bad-{number}": cases[number] for number in range(len(cases))}
    assert found == expected.keys(), [expected.get(key, key) for key in found ^ expected.keys()]
    assert not [each.text for each in findings if UNSHOWABLE.search(each.text)]


@pytest.mark.parametrize("broken", ["title = {a", "title = a}", 'title = "a', "title {a}", "}"])
def test_an_entry_with_unbalanced_braces_is_reported(broken: str) -> None:
    text = f"{entry('first')}\n@unpublished{{open,\n{broken}\n\n{entry('last')}\n"
    _, findings = read_works(text.encode(), BIB_KINDS["talk"], ())
    assert findings
    assert all(7 <= finding.line <= 10 for finding in findings), findings


def test_all_faults_of_the_person_are_in_one_message(tmp_path: Path) -> None:
    files = {"conf.py": CONF.replace("bibtex_bibfiles", "unused"), "index.md": "# Home\n"}
    bad = list((REFUSED | {"surrogate": SURROGATE}).values())
    profiles = {f"A{number}": url for number, url in enumerate(BAD_ADDRESSES.values())}
    profiles |= dict.fromkeys(bad, "https://a.example/")
    names = ("name", "family_name", "label", "location", "email", "summary", "picture")
    person = dict(zip(names, bad, strict=False))
    with (
        pytest.raises(ConfigError, match=r"conf\.py") as caught,
        built_with("html", tmp_path, files, portfolio_person=person | {"profiles": profiles}),
    ):
        pass
    message = str(caught.value)
    assert "\n" not in message
    assert not UNSHOWABLE.search(message)
    assert [name for name in person if f"{name}: " not in message] == []
    assert [name for name in profiles if name.isalnum() and f"'{name}': " not in message] == []
    assert message.count("U+") >= len(bad)


def test_private_data_is_text_or_an_error_with_a_line(tmp_path: Path) -> None:
    file = tmp_path / private.FILE
    written = [export for export in EXPORTS if export.is_cv and not export.libraries]
    person = Person("Attacked", street="x")
    harmless = {
        export.name: READERS[export.media_type](export.make(assemble(person, TODAY, [])))
        for export in written
    }
    for text in (TEXTS | NO_FONT | LARGE).values():
        file.write_text(f"street = {json.dumps(text, ensure_ascii=False)}\n", encoding="utf-8")
        try:
            street = private.read(tmp_path, {})["street"]
        except private.PrivateError as error:
            assert not text.isprintable()
            assert str(error).startswith(f"{private.FILE}:1: street")
            continue
        assert street == text.strip()
        whole = assemble(Person("Attacked", street=street), TODAY, [])
        for export in written:
            output = READERS[export.media_type](export.make(whole))
            assert same(street) in same(output.text), export.name
            assert output.structure == harmless[export.name].structure, export.name
    for text in [*REFUSED.values(), *LINES.values()]:
        file.write_text(f'phone = "1"\nstreet = {json.dumps(text)}\n', encoding="utf-8")
        with pytest.raises(private.PrivateError, match=rf"^{private.FILE}:2: street") as caught:
            private.read(tmp_path, {})
        assert not UNSHOWABLE.search(str(caught.value))
    with pytest.raises(private.PrivateError, match="PORTFOLIO_STREET"):
        private.read(tmp_path / "none", {"PORTFOLIO_STREET": SURROGATE})
