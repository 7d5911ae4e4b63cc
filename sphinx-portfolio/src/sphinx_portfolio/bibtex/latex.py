r"""LaTeX in BibTeX fields as rich text.

pylatexenc parses it and knows accents and symbols. Its own conversion to text has no styles, drops
unknown macros and fails on `\href`, so the nodes are converted here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from pylatexenc import latex2text, latexwalker
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
    LatexToken,
)
from pylatexenc.macrospec import MacroSpec

from sphinx_portfolio.model import RecordError, RichText, Run, plain
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pylatexenc.latexwalker import LatexNode

# Macros whose argument has a style, and those that begin one in a group.
STYLES = {
    **dict.fromkeys(("emph", "textit", "textsl"), "emphasis"),
    **dict.fromkeys(("em", "it", "itshape", "sl", "slshape"), "emphasis"),
    **dict.fromkeys(("textbf", "bf", "bfseries"), "strong"),
    **dict.fromkeys(("texttt", "tt", "ttfamily", "path"), "code"),
}
# Macros that leave their (last) argument as it is.
PLAIN = {
    *("textrm", "textsc", "textsf", "textmd", "textup", "textnormal", "text", "mbox", "hbox"),
    *("fbox", "underline", "uline", "overline", "MakeUppercase", "MakeLowercase", "uppercase"),
    *("lowercase", "textcolor", "texorpdfstring", "ensuremath", "mathrm", "mathbf", "mathit"),
    *("mathsf", "mathtt", "mathbb", "mathcal", "mathscr", "mathfrak", "operatorname"),
    *("nolinkurl", "foreignlanguage"),
}
# Macros without text: sizes, spacing, fonts that rich text does not have.
SILENT = {
    *("relax", "noindent", "protect", "centering", "/", "@", "-", "!", "left", "right"),
    *("displaystyle", "rm", "rmfamily", "sc", "scshape", "sf", "sffamily", "normalfont"),
    *("upshape", "mdseries", "tiny", "scriptsize", "footnotesize", "small", "normalsize"),
    *("large", "Large", "LARGE", "huge", "big", "Big", "bigl", "bigr", "Bigl", "Bigr"),
    *("limits", "nolimits", "allowbreak", "bgroup"),
}
SPACES = {
    *("\\", " ", "\n", ",", ";", ":", "quad", "qquad", "space", "newline", "linebreak", "par"),
    "item",
}
# Macros with a text; pylatexenc knows more.
TEXTS = {
    **dict.fromkeys(SILENT, ""),
    **dict.fromkeys(SPACES, " "),
    "TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "slash": "/", "%": "%",
    "textasciitilde": "~", "textasciicircum": "^", "textregistered": "®", "textquotesingle": "'",
    "lbrace": "{", "rbrace": "}", "textunderscore": "_", "degree": "°",
}  # fmt: skip
# Combining characters. pylatexenc fails on accents of more than letters.
ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "k": "\u0328", "b": "\u0331", "d": "\u0323", "r": "\u030a",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "t": "\u0361", "vec": "\u20d7", "bar": "\u0304",
    "acute": "\u0301", "grave": "\u0300", "hat": "\u0302", "ddot": "\u0308", "tilde": "\u0303",
    "dot": "\u0307", "breve": "\u0306", "check": "\u030c",
}  # fmt: skip
DOTLESS = str.maketrans("ıȷ", "ij")
ENVIRONMENTS = {"itemize", "enumerate", "description", "center", "quote", "quotation", "flushleft"}
# Symbols of pylatexenc that are not symbols: a date, and files to read.
NOT_SYMBOLS = {"today", "maketitle", "input", "include"}

SUPERSCRIPT = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
# What is the same in a parser of LaTeX and without one, which is ten times as fast: accents and
# ligatures, but not in addresses, `\verb` and formulas. A formula is what pandoc takes for one, so
# that "$5 and $6" are prices. A percent sign is no comment in BibTeX.
SPECIAL = re.compile(
    r"""
    (?P<verbatim>
        \\(?:url|href|path|nolinkurl)\s*\{[^{}]*\} | \\verb(?P<end>\W).*?(?P=end)
        | \$(?=\S)(?:\\.|[^\\$])*?(?<=\S)\$(?![0-9])
    )
    | (?P<accent>\\["'`^~=.](?:\{(?:[a-zA-Z]|\\[ij])\}|[a-zA-Z]))
    | (?P<ligature>---?|``|\'\'|[?!]`)
    | \\. | [$%] | \\\Z
    """,
    re.DOTALL | re.VERBOSE,
)
LIGATURES = {"--": "–", "---": "—", "``": "“", "''": "”", "?`": "¿", "!`": "¡"}
MARKUP = re.compile(r"\\(?![&%_#$])|(?<!\\)[$~]")  # beside braces
ESCAPED = re.compile(r"\\([&%_#$])")
BRACES = str.maketrans("", "", "{}")
# Where pylatexenc, which looks at each character, finds no markup.
WORDS = re.compile(r"[^\W_][\w \n.,:;()/]*")
SPACE = re.compile(r"[ \t\n\r\f\v]+")

WALKER = latexwalker.get_default_latex_context_db()
WALKER.add_context_category(
    "portfolio",
    macros=[
        *(MacroSpec(name, "{{") for name in ("href", "foreignlanguage")),
        *(
            MacroSpec(name, "{")
            for name in (
                *("textsuperscript", "textsubscript", "mbox", "hbox", "fbox", "uline", "enquote"),
                *("MakeUppercase", "MakeLowercase", "uppercase", "lowercase", "operatorname"),
                *("nolinkurl", "path", "t"),
            )
        ),
    ],
    prepend=True,
)
KNOWN = latex2text.get_default_latex_context_db()


class _Walker(latexwalker.LatexWalker):  # type: ignore[misc]
    """A parser that reads words at once, ten times as fast."""

    def get_token(
        self, pos: int, include_brace_chars: object = None, environments: bool = True, **kwargs: Any
    ) -> LatexToken:
        """Return a token of several characters, except where an argument may be a single one."""
        if environments and (match := WORDS.match(self.s, pos)):
            text = match[0]
            return LatexToken(tok="char", arg=text, pos=pos, len=len(text), pre_space="")
        return super().get_token(pos, include_brace_chars, environments, **kwargs)


class Remark(NamedTuple):
    """What was not understood, and the number of line breaks before it."""

    lines: int
    message: str


@lru_cache(maxsize=4096)  # names of people and events recur
def rich_text(latex: str) -> tuple[RichText, tuple[Remark, ...]]:
    r"""Return LaTeX as rich text, and what was not understood.

    Braces group, literal ones are written `\{`; a percent sign is no comment, as in BibTeX.
    """
    escaped = SPECIAL.sub(_prepare, latex)
    if not MARKUP.search(escaped):
        return folded([Run(ESCAPED.sub(r"\1", escaped.translate(BRACES)))]), ()
    converter = _Converter(escaped)
    try:
        return folded(converter.all_runs()), tuple(converter.remarks)
    except RecursionError:
        remark = Remark(0, "LaTeX is nested too deeply: it is shown as it is")
        return folded([Run(latex.translate(BRACES))]), (remark,)


def plain_text(latex: str) -> str:
    """Return LaTeX as plain text."""
    return plain(rich_text(latex)[0])


def folded(runs: Iterable[Run]) -> RichText:
    """Fold white space, also at the ends, and join runs of one style; hard spaces stay."""
    found: list[Run] = []
    for run in runs:
        text = SPACE.sub(" ", run.text)
        if text.startswith(" ") and (not found or found[-1].text.endswith(" ")):
            text = text[1:]
        if text and found and _styled(run, "") == _styled(found[-1], ""):
            found[-1] = _styled(run, found[-1].text + text)
        elif text:
            found.append(_styled(run, text))
    while found and found[-1].text.endswith(" "):
        last = found.pop()
        if text := last.text.rstrip(" "):
            found.append(_styled(last, text))
    return tuple(found)


def _in_style(style: Run, macro: str) -> Run:
    """Return an empty run with the style of a macro beside its own."""
    name = STYLES[macro]
    return replace(
        style,
        strong=style.strong or name == "strong",
        emphasis=style.emphasis or name == "emphasis",
        code=style.code or name == "code",
    )


def _styled(style: Run, text: str) -> Run:
    """Return a text in the style of a run: `dataclasses.replace`, but faster."""
    return Run(text, style.strong, style.emphasis, style.code, style.target)


def _prepare(match: re.Match[str]) -> str:
    text = match[0]
    if match["verbatim"]:
        return re.sub(r"(?<!\\)%", r"\%", text)
    if match["accent"]:
        return _accented(text[1], text[2:].strip("{}\\"))
    if match["ligature"]:
        return LIGATURES[text]
    if text == "\\":  # at the end
        return r"\textbackslash{}"
    return text if len(text) > 1 else rf"\{text}"


def _accented(name: str, text: str) -> str:
    """Return a text with an accent on its first letter."""
    accent = ACCENTS[name] if text else ""
    return normalize("NFC", text[:1].translate(DOTLESS) + accent + text[1:])


class _Converter:
    """Converts nodes to runs, and notes what it does not know."""

    def __init__(self, latex: str) -> None:
        self._latex = latex
        self.remarks: list[Remark] = []

    def all_runs(self) -> Iterator[Run]:
        """Yield the runs of the whole text."""
        walker = _Walker(self._latex, latex_context=WALKER, tolerant_parsing=True)
        position = 0
        while position < len(self._latex):
            nodes, _, length = walker.get_latex_nodes(position)
            yield from self.runs(nodes, Run(""))
            position += length or 1  # behind a brace that has no other

    def runs(self, nodes: Iterable[LatexNode | None], style: Run) -> Iterator[Run]:
        r"""Yield the runs of a group: the style changes at a macro such as `\bf`."""
        for node in nodes:
            if (
                isinstance(node, LatexMacroNode)
                and node.macroname in STYLES
                and not _arguments(node)
            ):
                style = _in_style(style, node.macroname)
            elif isinstance(node, LatexMacroNode):
                yield from self._macro(node, style)
            elif isinstance(node, LatexGroupNode):
                text = node.nodelist
                yield from self.runs(text, style)
            elif isinstance(node, LatexMathNode):
                yield _styled(style, self._math(node.nodelist))
            elif isinstance(node, LatexEnvironmentNode):
                yield from self._environment(node, style)
            elif isinstance(node, LatexSpecialsNode):
                sign = node.specials_chars
                yield _styled(style, "\xa0" if sign == "~" else LIGATURES.get(sign, sign))
            elif node is not None:
                text = node.chars if isinstance(node, LatexCharsNode) else node.latex_verbatim()
                yield _styled(style, text)

    def _macro(self, node: LatexMacroNode, style: Run) -> Iterator[Run]:
        name, arguments = node.macroname, _arguments(node)
        if name in STYLES:
            yield from self.runs(arguments[-1:], _in_style(style, name))
        elif name in {"href", "url"} and arguments:
            target = self._target(node, arguments)
            label = (
                [_styled(style, _verbatim(arguments[0]))]
                if name == "url"
                else self.runs(arguments[1:], style)
            )
            yield from (replace(run, target=target or run.target) for run in label)
        elif name == "verb":
            text = getattr(node.nodeargd, "verbatim_text", "")
            yield replace(style, text=text, code=True)
        elif name == "enquote":
            yield _styled(style, "“")
            yield from self.runs(arguments, style)
            yield _styled(style, "”")
        elif name in {"textsuperscript", "textsubscript"}:
            text = plain(tuple(self.runs(arguments, Run(""))))
            # The "th" of "38th" reads well as it is.
            table = SUPERSCRIPT if name == "textsuperscript" else SUBSCRIPT
            yield _styled(style, text.translate(table) if re.search("[0-9]", text) else text)
        elif (text := self._symbol(node)) is not None:
            yield _styled(style, text)
        else:
            yield from self.runs(arguments[-1:] if name in PLAIN else arguments, style)

    def _symbol(self, node: LatexMacroNode) -> str | None:
        """Return the text of a macro without argument, or of an accent; None if it has another.

        An unknown macro has none, and is noted.
        """
        name = node.macroname
        if name in ACCENTS:
            return _accented(name, plain(tuple(self.runs(_arguments(node), Run("")))))
        if name in PLAIN or name in TEXTS:
            return TEXTS.get(name)
        spec = None if name in NOT_SYMBOLS else KNOWN.get_macro_spec(name)
        text = spec.simplify_repl if spec else None
        if isinstance(text, str) and "%" not in text and not _arguments(node):
            return text
        self._note(node, rf"unknown macro \{name}: its argument stays as text")
        return None

    def _target(self, node: LatexNode, arguments: list[LatexNode]) -> str:
        """Return a valid address; empty if it is invalid, which is noted."""
        try:
            return address(_verbatim(arguments[0]).strip())
        except RecordError as error:
            self._note(node, f"{error}; it is text without a link")
            return ""

    def _environment(self, node: LatexEnvironmentNode, style: Run) -> Iterator[Run]:
        name = node.environmentname
        spec = WALKER.get_environment_spec(name)
        if spec and spec.is_math_mode:
            yield _styled(style, f" {self._math(node.nodelist)} ")
            return
        if name not in ENVIRONMENTS:
            self._note(node, rf"unknown environment \begin{{{name}}}: its content stays as text")
        yield _styled(style, " ")
        yield from self.runs(node.nodelist, style)
        yield _styled(style, " ")

    def _note(self, node: LatexNode, message: str) -> None:
        self.remarks.append(Remark(self._latex.count("\n", 0, node.pos), message))

    # -- Formulas -------------------------------------------------------------

    def _math(self, nodes: Iterable[LatexNode | None]) -> str:
        """Return a formula as readable text: `O(n²)`, `√13`, `(a + b)/c`."""
        text, script = "", ""
        for node in nodes:
            if isinstance(node, LatexCharsNode):
                for character in node.chars:
                    if script and not character.isspace():
                        text, script = text + _script(script, character), ""
                    elif character in "^_":
                        script = character
                    else:
                        text += {"'": "′", "*": "∗", "-": "−"}.get(character, character)
                continue
            part = self._math_part(node) if node is not None else ""
            text, script = text + (_script(script, part) if script else part), ""
            if isinstance(node, LatexMacroNode):
                text += node.macro_post_space
        return text

    def _math_part(self, node: LatexNode) -> str:
        if isinstance(node, LatexGroupNode | LatexMathNode):
            return self._math(node.nodelist)
        if isinstance(node, LatexMacroNode):
            arguments = [self._math([each]) for each in _arguments(node)]
            if node.macroname == "sqrt" and arguments:
                root = {"": "√", "2": "√", "3": "∛", "4": "∜"}
                degree = arguments[0] if len(arguments) > 1 else ""
                sign = root.get(degree) or _script("^", degree) + "√"
                return sign + _grouped(arguments[-1])
            if node.macroname in {"frac", "nicefrac"} and len(arguments) == 2:
                return "/".join(map(_grouped, arguments))
        return plain(tuple(self.runs([node], Run(""))))


def _arguments(node: LatexMacroNode) -> list[LatexNode]:
    """Return the arguments of a macro, without optional ones that are left out."""
    found = node.nodeargd.argnlist if node.nodeargd else ()
    return [each for each in found or () if each is not None]


def _verbatim(argument: LatexNode) -> str:
    text: str = argument.latex_verbatim()
    return unescaped(text[1:-1] if isinstance(argument, LatexGroupNode) else text)


def unescaped(latex: str) -> str:
    r"""Return an address as it is meant: `\_`, `{\_}` and `\%` are `_` and `%`, without `\url`."""
    url = re.sub(r"^\\url\s*\{(.*)\}$", r"\1", latex.replace(r"\textbackslash{}", "\\"))
    return re.sub(r"\{\\([#$%&_~])\}|\\([#$%&_~{}])", r"\1\2", url)


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"\w+|\w", text) else f"({text.strip()})"


def _script(sign: str, text: str) -> str:
    """Return a super- or subscript, in the characters that fonts have."""
    small = text.translate(SUPERSCRIPT if sign == "^" else SUBSCRIPT)
    if text and not set(small) & set(text):
        return small
    return sign + _grouped(text) if text not in {*"′°∘*∗†‡"} else text
