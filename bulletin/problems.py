"""Problems: each says what is wrong, where, and how to mend it, in Vietnamese and English.

A problem holds a stable code and the words that its sentences show. The sentences are in messages/*.toml, so a cached
problem can be shown in either language, and no parser knows a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pkgutil import get_data
from string import Formatter
from typing import Literal, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from bulletin.characters import encodable, visible

Language = Literal["vi", "en"]
Severity = Literal["error", "warning"]
_FILES = (
    "amounts",
    "body",
    "cluster",
    "commands",
    "dates",
    "desk",
    "editions",
    "editorial",
    "intake",
    "items",
    "preview",
    "provinces",
    "review",
    "site",
    "spreadsheets",
    "targets",
    "team",
)
PROGRAM_NAME = "python build.py"
"""How the catalogue calls the program."""
CURLY_QUOTES = "“”„‟‘’‚‛′″´ʼ＂＇"
"""Signs that look like straight quotation marks in many fonts, but are others to YAML and to every parser."""
_program_name = PROGRAM_NAME
CAUSE = "cause"
"""The word that no sentence shows: equal in all problems that one mend will end, such as the name of a lost picture."""
_SHEET, _ROW, _COLUMN, _HEADING = "cell_sheet", "cell_row", "cell_column", "cell_heading"
"""The words that name the cell of a spreadsheet."""
OF_SETTINGS = "settings: "
"""How a cause begins that lies in the settings, not in the items that suffer from it."""
_FEW = 3
"""Problems of one cause that are told one by one: each place can then be gone to."""
_PLACES_NAMED = 5
_MAX_WORD = 500
"""Maximum characters of a word in a sentence: a line of a million would hide the other problems."""


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """One thing to mend: its file (relative to the site, `/`-separated), its line (from 1), the code of its message."""

    path: str
    line: int
    severity: Severity = "error"
    code: str
    words: tuple[tuple[str, str], ...] = ()


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Raised for a value that cannot be accepted, where its file and line are not known yet."""

    def __init__(self, code: str, words: Mapping[str, str]) -> None:
        # Exception.__init__ needs both: without them the exception cannot be unpickled, which breaks the process pool.
        super().__init__(code, words)
        self.code = code
        self.words = words


class BuildFailed(Exception):  # noqa: N818 - as Refused
    """Content, templates or settings need mending; nothing was published."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class Unreachable(BuildFailed):
    """A disk or a machine that is needed cannot be reached, or does not do its part; what readers have still works."""


def refuse(code: str, **words: str) -> NoReturn:
    """Raise `Refused` with the code of a message and the words that its sentences show."""
    raise Refused(code, words)


def problem(path: str, line: int, code: str, severity: Severity = "error", /, **words: str) -> Problem:
    """Return a problem; its words are sorted, so that equal problems compare equal."""
    # A problem is kept and sent as JSON, which cannot hold a file's name that is no text.
    known = tuple(sorted((name, encodable(word)) for name, word in words.items()))
    return Problem(path=encodable(path), line=line, severity=severity, code=code, words=known)


def in_cell(found: Problem, *, sheet: str, row: str, column: str, heading: str) -> Problem:
    """Return a problem with the cell of a spreadsheet that has it: its sentences begin with it."""
    place = {_SHEET: sheet, _ROW: row, _COLUMN: column, _HEADING: heading}
    words = dict(found.words) | {name: encodable(word) for name, word in place.items()}
    return replace(found, words=tuple(sorted(words.items())))


def problem_at(refused: Refused, path: str, line: int) -> Problem:
    """Return a refused value as a problem at this path and line."""
    return problem(path, line, refused.code, **refused.words)


def say(code: str, language: Language, **words: str) -> str:
    """Return a sentence from the catalogue that reports no problem."""
    return _sentences(code)[language].format(**{name: visible(text) for name, text in words.items()})


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems, in their order; of many with one cause the first, which tells how many more there are."""
    listed = tuple(problems)
    by_cause: dict[tuple[str, str, str], list[Problem]] = {}
    for one in listed:
        if cause := dict(one.words).get(CAUSE):
            by_cause.setdefault((one.code, one.severity, cause), []).append(one)
    first: dict[Problem, Problem] = {}
    dropped: set[Problem] = set()
    for (_, _, cause), of_cause in by_cause.items():
        if len(of_cause) > (1 if cause.startswith(OF_SETTINGS) else _FEW):
            first[of_cause[0]] = _with_others(of_cause)
            dropped.update(of_cause[1:])
    return tuple(first.get(one, one) for one in listed if one not in dropped)


def _with_others(of_cause: list[Problem]) -> Problem:
    one, *others = of_cause
    places = [place(other) for other in others]
    listed = ", ".join(places[:_PLACES_NAMED]) + (", …" if places[_PLACES_NAMED:] else "")
    words = dict(one.words) | {"more": str(len(others)), "places": listed}
    return replace(one, words=tuple(sorted(words.items())))


def named_signs(signs: Iterable[str]) -> str:
    """Return each of the signs once, as a sentence shows them: with its number if it may look like another one."""
    return ", ".join(_named(sign) for sign in dict.fromkeys(signs))


def _named(sign: str) -> str:
    number = f"U+{ord(sign):04X}"
    if not sign.isprintable():
        return number
    return f"«{sign}»" if sign.isascii() else f"«{sign}» ({number})"


def errors(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems that keep a build from being published."""
    return (problem for problem in problems if problem.severity == "error")


def message(problem: Problem, language: Language) -> str:
    """Return the sentence that says what is wrong and, if it stands for others of the same cause, where they are."""
    words = _words(problem)
    told = _sentences(problem.code)[language].format(**words)
    if _ROW in words:
        told = f"{_cell(words, language)}: {told}"
    if "more" not in words:
        return told
    return " ".join((told, say("same-cause", language, more=words["more"], places=words["places"])))


def _cell(words: Mapping[str, str], language: Language) -> str:
    code = "cell-of-sheet" if words[_SHEET] else "cell-of-table"
    row, column, heading = words[_ROW], words[_COLUMN], words[_HEADING]
    return say(code, language, sheet=words[_SHEET], row=row, column=column, heading=heading)


def hint(problem: Problem, language: Language, *, in_form: bool = False) -> str:
    """Return how to mend it: the first hint in the catalogue that has all its words; empty if there is none.

    In the form of an item, where nobody sees keys and Markdown, the last hint gives way to `_form`, if there is one.
    """
    words, entry = _words(problem), _sentences(problem.code)
    templates = [entry[key] for key in (f"{language}_hint", f"{language}_otherwise") if key in entry]
    if in_form and f"{language}_form" in entry:
        templates[-1] = entry[f"{language}_form"]
    for template in templates:
        names = [name for _, name, _, _ in Formatter().parse(template) if name]
        if all(words[name] for name in names):
            return template.format(**words)
    return ""


def sentence(problem: Problem, language: Language) -> str:
    """Return what is wrong and how to mend it."""
    return "; ".join(part for part in (message(problem, language), hint(problem, language)) if part)


def _words(problem: Problem) -> Mapping[str, str]:
    """Return the words by name, as people can see them. Of a very long one the beginning is enough to find it."""
    return {name: visible(f"{text[:_MAX_WORD]}…" if len(text) > _MAX_WORD else text) for name, text in problem.words}


def place(problem: Problem) -> str:
    """Return the place of a problem, as people can see it and text editors parse it: path:line."""
    return visible(f"{problem.path}:{problem.line}")


def show(problem: Problem, language: Language) -> str:
    """Return one line for people, terminals and text editors, which parse it: path:line: severity: ... [code]."""
    return f"{place(problem)}: {problem.severity}: {sentence(problem, language)} [{problem.code}]"


def set_program_name(program: str) -> None:
    """Name the program in every sentence as this person calls it: `ban-tin` where there is no build.py."""
    global _program_name  # noqa: PLW0603 - a process runs one person's command
    if program != _program_name:
        _program_name = program
        for kept in (catalogue, _sentences, _messages):
            kept.cache_clear()


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the messages by code: `vi`, `en`, `_hint`, `_otherwise` and `_form`, as `hint` chooses."""
    return tomllib.loads(_messages())


@cache
def _sentences(code: str) -> Mapping[str, str]:
    """Return the catalogue's entry for a code; raise KeyError. Parsing all takes 25 ms, and a build shows one."""
    _, header, rest = _messages().partition(f"\n[{code}]\n")
    if not header:
        raise KeyError(code)
    return tomllib.loads(rest.partition("\n[")[0])


@cache
def _messages() -> str:
    files = ((get_data("bulletin", f"messages/{name}.toml") or b"").decode() for name in _FILES)
    return ("\n" + "\n".join(files)).replace(PROGRAM_NAME, _program_name)
