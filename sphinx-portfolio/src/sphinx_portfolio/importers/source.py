"""Sources as data: files within limits, JSON and YAML, and which values were used.

What a file says is data: YAML has no tags and no aliases, and no value is executed or fetched.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias
from zipfile import BadZipFile, ZipFile

import yaml

from sphinx_portfolio.importers.draft import Entry, SourceError
from sphinx_portfolio.model.validators import ISOLATES, POP_ISOLATE, UNSHOWABLE, unshowable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from sphinx_portfolio.importers.draft import Draft

MOST_BYTES = 5_000_000
MOST_ENTRIES = 10_000
DEEPEST = 20
Data: TypeAlias = "dict[str, Data] | list[Data] | str"
# libyaml is ten times faster, where PyYAML was built with it.
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def too_large(name: str) -> SourceError:
    """Return the error for a file above the limit."""
    megabytes = MOST_BYTES // 1_000_000
    return SourceError(f"{name}: more than {megabytes} MB: import a file with less in it")


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; SourceError if it is missing, special or too large."""
    if not path.is_file():
        raise SourceError(f"{path}: no such file: name a file to import")
    if path.stat().st_size > MOST_BYTES:
        raise too_large(str(path))
    return path.read_bytes()


def decoded(name: str, content: bytes) -> str:
    """Return a text in UTF-8, or in UTF-16 with a byte order mark; SourceError if it is neither."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{name}:{line}: this is not UTF-8: save the file as UTF-8"
        raise SourceError(message) from error


def is_zip(path: Path) -> bool:
    """Return whether a file begins as a ZIP file does; SourceError if it is missing or special."""
    if not path.is_file():
        raise SourceError(f"{path}: no such file: name a file to import")
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def members(path: Path, names: Collection[str]) -> dict[str, bytes]:
    """Return the files with these names in a ZIP file, or in a folder and the folders in it."""
    found: dict[str, bytes] = {}
    if path.is_dir():
        for name in names:
            places = (path / name, *sorted(path.glob(f"*/{name}")))
            if existing := [place for place in places if place.is_file()]:
                found[name] = read_bytes(existing[0])
        return found
    try:
        with ZipFile(path) as archive:
            for info in archive.infolist():
                name = PurePosixPath(info.filename).name
                if name not in names or name in found:
                    continue
                # The size that a ZIP file declares may be wrong.
                with archive.open(info) as file:
                    found[name] = file.read(MOST_BYTES + 1)
                if len(found[name]) > MOST_BYTES:
                    raise too_large(f"{path}: {name}")
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise SourceError(f"{path}: not a readable ZIP file ({error}): unpack it first") from error
    return found


# -- JSON and YAML --------------------------------------------------------------


def parse_json(name: str, text: str) -> Data:
    """Return JSON as data; SourceError with line and column if it is invalid."""
    try:
        return _checked(name, json.loads(text, object_pairs_hook=_object))
    except RepeatedKeyError as error:
        message = f"{name}: {error.args[0]!r} is given twice: remove one"
        try:
            parse_yaml(name, text.replace("\t", " "))  # it reads most of JSON, and knows lines
        except SourceError as found:
            if str(found).endswith("is given twice: remove one"):
                message = str(found)
        raise SourceError(message) from error
    except json.JSONDecodeError as error:
        before = text[: error.pos].rstrip()
        hint = "correct it there"
        if text.startswith(("//", "/*", "#"), error.pos):
            hint = "JSON has no comments: remove them"
        elif before.endswith(","):
            hint = "remove the comma before it"
        message = f"{name}:{error.lineno}:{error.colno}: invalid JSON: {error.msg}: {hint}"
        raise SourceError(message) from error
    except RecursionError as error:
        raise _too_deep(name) from error
    except ValueError as error:  # a number with too many digits
        raise SourceError(f"{name}: invalid JSON: {error}") from error


class RepeatedKeyError(ValueError):
    """An object in JSON has a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise RepeatedKeyError(key)
        found[key] = value
    return found


def parse_yaml(name: str, text: str) -> Data:
    """Return YAML as data, in which all scalars are texts.

    SourceError if it is invalid, or has tags, anchors, aliases or repeated keys.
    """
    try:
        for event in yaml.parse(text, Loader=Loader):
            _check_event(name, event)
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        message = f"{place}: invalid YAML: {error.problem or error.context}: correct it there"
        raise SourceError(message) from error
    except (yaml.YAMLError, ValueError) as error:
        raise SourceError(f"{name}: invalid YAML: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise _too_deep(name) from error
    return _checked(name, _plain(name, root) if root else {})


def _check_event(name: str, event: yaml.Event) -> None:
    place = f"{name}:{event.start_mark.line + 1}" if event.start_mark else name
    if getattr(event, "anchor", None):
        raise SourceError(f"{place}: anchors and aliases are refused: write the value itself")
    tag = getattr(event, "tag", None)
    if tag and tag != "!":
        raise SourceError(f"{place}: the tag {tag!r} is refused: remove it")


def _plain(name: str, node: yaml.Node, depth: int = 0) -> Data:
    if depth > DEEPEST:
        raise _too_deep(name)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(name, each, depth + 1) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Data] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1 if key.start_mark else 1
            if not isinstance(key, yaml.ScalarNode):
                raise SourceError(f"{name}:{line}: a key is not text: write a word")
            if key.value in found:
                message = f"{name}:{line}: {key.value!r} is given twice: remove one"
                raise SourceError(message)
            found[key.value] = _plain(name, value, depth + 1)
        return found
    text = str(node.value)
    is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return "" if is_plain and text in {"~", "null", "Null", "NULL"} else text


def _checked(name: str, value: Any) -> Data:
    """Return values as texts, lists and dictionaries; SourceError if they exceed a limit."""
    count = 0

    def convert(node: Any, depth: int) -> Data:
        nonlocal count
        if depth > DEEPEST:
            raise _too_deep(name)
        if isinstance(node, dict):
            return {showable(str(key)): convert(each, depth + 1) for key, each in node.items()}
        if isinstance(node, list):
            count += sum(isinstance(each, dict | list) for each in node)
            if count > MOST_ENTRIES:
                message = f"{name}: more than {MOST_ENTRIES} entries: import a file with fewer"
                raise SourceError(message)
            return [convert(each, depth + 1) for each in node]
        if node is None:
            return ""
        return str(node).lower() if isinstance(node, bool) else str(node)

    return convert(value, 0)


def _too_deep(name: str) -> SourceError:
    return SourceError(f"{name}: nested more than {DEEPEST} levels deep: import a flatter file")


# -- Which values were used -----------------------------------------------------


def showable(text: str) -> str:
    """Return a text without characters that can't be shown."""
    text = UNSHOWABLE.sub("", text)
    return ISOLATES.sub("", text).replace(POP_ISOLATE, "") if unshowable(text) else text


class Fields:
    """A mapping of a source; what is not taken from it is left over at the end."""

    def __init__(self, value: Mapping[str, Data], path: str, draft: Draft) -> None:
        self._left = dict(value)
        self.path = path
        self.draft = draft
        self.keys: dict[str, str] = {}  # of the texts that were taken

    @classmethod
    def top(cls, data: Data, draft: Draft) -> Fields:
        """Return the mapping that a whole source is."""
        return cls(data if isinstance(data, dict) else {}, "", draft)

    def __contains__(self, name: str) -> bool:
        return bool(self._left.get(name))

    def at(self, name: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{name}" if self.path else name

    @property
    def names(self) -> list[str]:
        """The keys that were not taken yet and have a value."""
        return [name for name, value in self._left.items() if value]

    def text(self, *names: str) -> str:
        """Take the first of these keys that has a text; empty if none has."""
        for name in names:
            value = self._left.get(name)
            if isinstance(value, str) and (text := self._clean(name, value)):
                del self._left[name]
                self.keys.setdefault(text, name)
                self.draft.origins.setdefault(text, (self.draft.source, self.at(name)))
                return text
        return ""

    def texts(self, *names: str) -> list[str]:
        """Take the texts of a list, or one text."""
        for name in names:
            value = self._left.get(name)
            if isinstance(value, str) and value.strip():
                del self._left[name]
                return [self._clean(name, value)]
            if isinstance(value, list) and value:
                kept: list[Data] = [it for it in value if not isinstance(it, str)]
                self._left[name] = kept
                texts = (self._clean(name, it) for it in value if isinstance(it, str))
                return [text for text in texts if text]
        return []

    def fields(self, name: str) -> Fields:
        """Take a mapping; empty if there is none."""
        value = self._left.get(name)
        if isinstance(value, dict):
            del self._left[name]
            return Fields(value, self.at(name), self.draft)
        return Fields({}, self.at(name), self.draft)

    def items(self, *names: str) -> Iterator[Fields]:
        """Take the mappings of a list; each is left over as far as it was not used."""
        for name in names:
            value = self._left.get(name)
            if isinstance(value, list):
                self._left[name] = [each for each in value if not isinstance(each, dict)]
                for number, each in enumerate(value):
                    if isinstance(each, dict):
                        item = Fields(each, f"{self.at(name)}[{number}]", self.draft)
                        yield item
                        item.rest()

    def mixed(self, name: str) -> list[Data]:
        """Take a list of texts and mappings."""
        value = self._left.get(name)
        if isinstance(value, list):
            del self._left[name]
            return value
        return [text] if (text := self.text(name)) else []

    def drop(self, *names: str) -> None:
        """Ignore keys that say nothing about the person."""
        for name in names:
            self._left.pop(name, None)

    def leave(self, name: str, value: str) -> None:
        """Note a taken value that can't be used."""
        if value:
            self.draft.leave(self.at(self.keys.get(value, name)), value)

    def entry(self, kind: str, title: str, **options: str) -> Entry:
        """Add an entry to the draft; empty options are left out."""
        entry = Entry(
            kind=kind,
            title=title,
            options={name: value for name, value in options.items() if value},
            keys=self.keys,
            source=self.draft.source,
            path=self.path,
        )
        self.draft.entries.append(entry)
        return entry

    def rest(self) -> None:
        """Note all that was not taken."""
        leave_all(self._left, self.path, self.draft)
        self._left.clear()

    def _clean(self, name: str, value: str) -> str:
        text = showable(value)
        if text != value:
            self.draft.leave(self.at(name), "characters that can't be shown were removed")
        return text.strip()


def leave_all(value: Data, path: str, draft: Draft) -> None:
    """Note all texts of a value."""
    if isinstance(value, dict):
        for name, each in value.items():
            leave_all(each, f"{path}.{name}" if path else name, draft)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            leave_all(each, f"{path}[{number}]", draft)
    elif value.strip():
        draft.leave(path, showable(value.strip()))


def stream(name: str, content: bytes) -> io.StringIO:
    """Return a text as a file, for the csv module."""
    return io.StringIO(re.sub(r"\r\n?", "\n", decoded(name, content)))
