"""Every configuration value: default, type, description and validation."""

from __future__ import annotations

import io
import os
import re
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from babel.messages.mofile import read_mo
from sphinx.errors import ConfigError

from sphinx_portfolio import exports
from sphinx_portfolio.exports.pdf import PAPERS
from sphinx_portfolio.model import KINDS, Date, Person, Profile, RecordError, Translator
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.messages import DOMAIN
from sphinx_portfolio.model.validators import address, identifier, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_portfolio.model.kind import Kind

SITE = "sphinx_portfolio.site"
IN_BIBTEX = tuple(kind for kind in KINDS.values() if kind.is_in_bibtex)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
FONTS = (".ttf", ".otf", ".ttc", ".otc")
TEXTS = ("name", "family_name", "label", "summary", "email", "location")  # of the person
PICTURES = (".jpeg", ".jpg", ".png")
NO_AUTHOR = "Author name not set"  # Sphinx's default
PALETTE_EXAMPLE = "{'light': {'color-brand-primary': '#0a6a4c'}, 'dark': {…}}"


class Value(NamedTuple):
    """A configuration value, with the arguments of `Sphinx.add_config_value` in their order.

    `rebuild` is `env` if reading depends on the value, `html` if only writing does.
    """

    name: str
    default: object
    rebuild: Literal["", "env", "html"]
    types: tuple[type, ...]
    description: str


VALUES = (
    Value(
        "portfolio_person",
        {},
        "env",
        (dict,),
        "The person: name (default: author), family_name (the part of it that is one, for "
        "the contact card), label (a short description; JSON Resume has the title of the current "
        "job by default), summary (a paragraph), picture (a PNG or JPEG file, "
        "relative to the folder of the pages), email, location, and profiles: "
        "{'GitHub': 'https://…'}.",
    ),
    Value(
        "portfolio_talks",
        None,
        "env",
        (list, tuple),
        "BibTeX files of talks, relative to conf.py; they may be patterns such as 'talks/*.bib'. "
        "Default: the files of bibtex_bibfiles in a folder 'talks'.",
    ),
    Value(
        "portfolio_publications",
        None,
        "env",
        (list, tuple),
        "BibTeX files of publications, as for talks. Default: the files of bibtex_bibfiles in a "
        "folder 'publications'.",
    ),
    Value(
        "portfolio_topics",
        {},
        "env",
        (dict,),
        "Topics of talks and publications beside skills: {'a-keyword': 'Its title'}.",
    ),
    Value("portfolio_paper", "a4", "env", (str,), "Paper of the CV: 'a4' or 'us-letter'."),
    Value(
        "portfolio_cv_pages",
        0,
        "env",
        (int,),
        "Most pages of cv.pdf; 0 is no limit. cv-short.pdf always has one page.",
    ),
    Value(
        "portfolio_fonts",
        (),
        "env",
        (list, tuple),
        "Font files for scripts that the PDFs' own fonts lack, relative to conf.py.",
    ),
    Value(
        "portfolio_exports",
        None,
        "html",
        (list, tuple),
        "Files made from the records beside the pages. Default: all with sphinx_portfolio.site, "
        "none without.",
    ),
    Value(
        "portfolio_unconfirmed",
        {},
        "",
        (dict,),
        "Questions to the owner, listed by `doctor`: {'subject': 'question'}.",
    ),
    Value(
        "portfolio_accepted",
        {},
        "",
        (dict,),
        "Findings of `doctor` that are accepted: {'key of the finding': 'reason'}.",
    ),
)
SITE_VALUES = (
    Value(
        "portfolio_palette",
        {},
        "html",
        (dict,),
        f"Furo's CSS variables that differ from the default look: {PALETTE_EXAMPLE}.",
    ),
)


def set_default(config: Config, name: str, value: object) -> None:
    """Set a value that conf.py leaves at Sphinx's or another extension's default."""
    if config[name] == config.values[name].default:
        config[name] = value


# -- Validation -----------------------------------------------------------------


def config_inited(app: Sphinx, config: Config) -> None:
    """Validate the values, and add the files of talks and the like to sphinxcontrib-bibtex's.

    Raises ConfigError.
    """
    today()
    _split_lists(config)
    _check_types(config)
    with _naming("portfolio_person"):
        person(config)
        _add_picture(app, config)
    with _naming("portfolio_topics"):
        _check_topics(config.portfolio_topics)
    with _naming("portfolio_paper"):
        if config.portfolio_paper not in PAPERS:
            papers = " or ".join(map(repr, PAPERS))
            raise RecordError(f"unknown paper {config.portfolio_paper!r}: use {papers}")
    with _naming("portfolio_cv_pages"):
        pages = config.portfolio_cv_pages
        if isinstance(pages, bool) or pages < 0:
            raise RecordError(f"invalid value {pages!r}: use a number of pages, or 0 for no limit")
    with _naming("portfolio_fonts"):
        fonts(app)
    with _naming("portfolio_exports"):
        _check_exports(app, config)
    if "portfolio_palette" in config:
        with _naming("portfolio_palette"):
            _check_palette(config.portfolio_palette)
    kinds = kinds_of_files(app)
    # sphinxcontrib-bibtex refuses to start without this value.
    files = list(config.bibtex_bibfiles or ())
    known = {_resolved(app, name) for name in files}
    config.bibtex_bibfiles = [*files, *(str(path) for path in kinds if path not in known)]


def _split_lists(config: Config) -> None:
    """Split the lists of the command line, as Sphinx does where the default is a list."""
    for value in (*VALUES, *SITE_VALUES):
        text = config.overrides.get(value.name)
        if isinstance(text, str) and list in value.types:
            config[value.name] = text.split(",")


def _check_types(config: Config) -> None:
    """Raise ConfigError if a value, or what a list or dictionary has, is of the wrong type."""
    for value in (*VALUES, *SITE_VALUES):
        found = getattr(config, value.name, value.default)
        if found is not value.default and not isinstance(found, value.types):
            expected = " or ".join(each.__name__ for each in value.types)
            raise ConfigError(f"{value.name} in conf.py: expected {expected}, not {found!r}")
    for name in ("portfolio_exports", "portfolio_fonts", *map(_value_of, IN_BIBTEX)):
        for each in config[name] or ():
            if not isinstance(each, str):
                raise ConfigError(f"{name} in conf.py: {each!r} is not text: write it in quotes")
    for name in ("portfolio_unconfirmed", "portfolio_accepted"):
        for subject, text in config[name].items():
            if not (isinstance(text, str) and text.strip()):
                message = f"{name} in conf.py: {subject!r} has no text: write {{'subject': 'text'}}"
                raise ConfigError(message)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Turn an error into a ConfigError that names the configuration value."""
    try:
        yield
    except (TypeError, ValueError, NotImplementedError) as error:  # the last from Path.glob
        raise ConfigError(f"{name} in conf.py: {error}") from error


def _add_picture(app: Sphinx, config: Config) -> None:
    """Let Sphinx copy the picture of the person into the site, beside the home page."""
    picture = config.portfolio_person.get("picture", "")
    if not picture:
        return
    path = Path(app.srcdir, picture)
    if not path.is_file():
        message = f"picture: {path} is missing: write a path relative to the folder of the pages"
        raise RecordError(message)
    config.html_extra_path = [*config.html_extra_path, str(path)]


def _check_topics(topics: dict[Any, Any]) -> None:
    for name, title in topics.items():
        identifier(name)
        if not (isinstance(title, str) and title.strip()):
            raise RecordError(f"{name!r} has no title: write {{{name!r}: 'Its title'}}")
        showable(title)


def _check_exports(app: Sphinx, config: Config) -> None:
    """Refuse an unknown export, and one with the name of a file of html_extra_path."""
    known = [export.name for export in (*exports.EXPORTS, *exports.SITE_EXPORTS)]
    for name in export_names(app):
        if name not in known:
            near = suggest(name, known) or f": use one of {', '.join(known)}"
            raise RecordError(f"unknown export {name!r}{near}")
        for extra in (Path(app.confdir, each) for each in config.html_extra_path):
            if extra.name == name or (extra / name).is_file():
                raise ConfigError(
                    f"{name!r} is made from the records and is in html_extra_path, too: "
                    "remove it there, or from portfolio_exports"
                )


def _check_palette(palette: dict[Any, Any]) -> None:
    for name, variables in palette.items():
        if name not in {"light", "dark"} or not isinstance(variables, dict):
            raise RecordError(f"invalid entry {name!r}: write {PALETTE_EXAMPLE}")


# -- Interpretation -------------------------------------------------------------


def person(config: Config) -> Person:
    """Make the person; RecordError, which names all faults, if `portfolio_person` is invalid."""
    given: dict[Any, Any] = config.portfolio_person
    texts = {name: given.get(name, "") for name in TEXTS}
    if texts["name"] == "" and config.author != NO_AUTHOR:
        texts["name"] = config.author
    profiles, picture = given.get("profiles", {}), given.get("picture", "")
    fields = (*texts, "picture", "profiles")
    faults = [
        f"unknown field {field!r}{suggest(str(field), fields)}"
        for field in given
        if field not in fields
    ]
    checks: list[tuple[str, Callable[[object], object], object]] = [
        (name, _email if name == "email" else _text, value) for name, value in texts.items()
    ]
    checks.append(("family_name", partial(_family_name, texts["name"]), texts["family_name"]))
    checks.append(("picture", _picture, picture))
    if isinstance(profiles, dict):
        for network, url in profiles.items():
            checks += [("profiles", _text, network), (f"profiles: {network!r}", _profile, url)]
    else:
        faults.append("profiles: write {'GitHub': 'https://…'}")
    for place, check, value in checks:
        try:
            check(value)
        except RecordError as error:
            faults.append(f"{place}: {error}")
    if faults:
        raise RecordError("; ".join(faults))
    return Person(
        **texts,
        picture=PurePosixPath(picture).name,
        url=config.html_baseurl,
        profiles=tuple(Profile(network, url) for network, url in profiles.items()),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RecordError(f"{value!r} is not text: write it in quotes")
    return showable(value)


def _family_name(name: object, value: object) -> None:
    text = str(name)
    if isinstance(value, str) and not (text.startswith(value) or text.endswith(value)):
        raise RecordError(f"{value!r} must be the end or the start of the name {name!r}")


def _email(value: object) -> None:
    if _text(value) and not EMAIL.fullmatch(_text(value)):
        raise RecordError(f"invalid address {value!r}: expected 'you@host.example'")


def _picture(value: object) -> None:
    if _text(value) and PurePosixPath(_text(value)).suffix.lower() not in PICTURES:
        raise RecordError(f"invalid file {value!r}: expected one of {', '.join(PICTURES)}")


def _profile(value: object) -> None:
    if not address(_text(value)):
        raise RecordError("the address is missing: write it, or remove the profile")


def kinds_of_files(app: Sphinx) -> dict[Path, Kind]:
    """Return the kinds of the BibTeX files of talks and the like, by their resolved paths.

    Raises ConfigError if a pattern is invalid, or a file has two kinds.
    """
    kinds: dict[Path, Kind] = {}
    for kind in IN_BIBTEX:
        with _naming(_value_of(kind)):
            for path in _files(app, kind):
                if kinds.setdefault(path, kind) is not kind:
                    other = _value_of(kinds[path])
                    raise RecordError(f"{path} is also in {other}: remove it from one of the two")
    return kinds


def _value_of(kind: Kind) -> str:
    """Return the name of the value that has the files of a kind."""
    return f"portfolio_{kind.plural}"


def _files(app: Sphinx, kind: Kind) -> list[Path]:
    """Return the files of a kind, resolved as sphinxcontrib-bibtex resolves them."""
    patterns = app.config[_value_of(kind)]
    if patterns is None:
        files = [_resolved(app, name) for name in app.config.bibtex_bibfiles or ()]
        return [path for path in files if path.parent.name == kind.plural]
    found: dict[Path, None] = {}
    for pattern in patterns:
        # A file that does not exist is reported when files are read.
        for path in sorted(Path(app.confdir).glob(pattern)) or [Path(app.confdir, pattern)]:
            found[path.resolve()] = None
    return list(found)


def _resolved(app: Sphinx, name: str) -> Path:
    return Path(app.confdir, name).resolve()


def fonts(app: Sphinx) -> tuple[str, ...]:
    """Return the paths of the font files; RecordError if one is missing or of another kind."""
    found = []
    for name in app.config.portfolio_fonts:
        path = Path(app.confdir, name).resolve()
        if not path.is_file():
            raise RecordError(f"{name!r} is no file: write a path relative to conf.py")
        if path.suffix.lower() not in FONTS:
            raise RecordError(f"{name!r} is no font: use a file of {', '.join(FONTS)}")
        found.append(str(path))
    return tuple(found)


def translator(app: Sphinx) -> Translator:
    """Return the translator into the language of the site; ConfigError if a catalog is invalid.

    As with Sphinx's own messages, catalogs in `locale_dirs` take precedence over those of the
    package. Sphinx compiles them, but its `add_message_catalog` would not look there.
    """
    folders = [Path(app.srcdir, name) for name in app.config.locale_dirs]
    found = Translator.load(app.config.language, folders)
    for message in (each for it in found.catalogs for each in read_mo(io.BytesIO(it)) if each.id):
        known = {name for text in _forms(message.id) for name in _fields(text)}
        for text in _forms(message.string):
            if not known.issuperset(_fields(text)):
                raise ConfigError(
                    f"{DOMAIN}.po for the language {found.language!r}: the translation {text!r} of "
                    f"{message.id!r}: use no other words in braces than the message has"
                )
    return found


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the singular and the plurals of a message."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def _fields(text: str) -> set[str | None]:
    """Return the words in braces; None stands for braces that are not closed."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {None}


def export_names(app: Sphinx) -> tuple[str, ...]:
    """Return the names of the files to export."""
    if app.config.portfolio_exports is not None:
        return tuple(name for name in app.config.portfolio_exports if name)
    if SITE in app.extensions:
        return tuple(export.name for export in (*exports.EXPORTS, *exports.SITE_EXPORTS))
    return ()


def today() -> Date:
    """Return the day that decides what is past: that of SOURCE_DATE_EPOCH, else the clock's.

    Raises ConfigError if SOURCE_DATE_EPOCH is invalid.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not re.fullmatch("[0-9]{1,12}", epoch):
        message = f"SOURCE_DATE_EPOCH is {epoch!r}: expected seconds since 1970, such as 1700000000"
        raise ConfigError(message)
    try:
        day = datetime.fromtimestamp(int(epoch) if epoch else time.time(), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise ConfigError(f"SOURCE_DATE_EPOCH is {epoch!r}: {error}") from error
    return Date(day.year, day.month, day.day)
