"""Problems: what is wrong, where, and what would be right, in Vietnamese and English.

A problem carries a stable code and the words its sentences need; the sentences stand in messages/*.toml, so that
a kept problem can be shown in either language and no parser knows a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pkgutil import get_data
from string import Formatter
from typing import Literal, NoReturn

from msgspec import Struct

Language = Literal["vi", "en"]
Severity = Literal["error", "warning"]
_FILES = ("amounts", "body", "commands", "dates", "editorial", "items", "preview", "provinces", "site")
_LONGEST = 500
"""Characters of a word in a sentence: a line of a million would hide the other problems."""


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """One thing to mend: the file (relative to the site, `/`-separated), its line (from 1) and a message's code."""

    path: str
    line: int
    severity: Severity = "error"
    code: str
    words: tuple[tuple[str, str], ...] = ()


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A value that cannot be accepted, raised where no file and line are known yet."""

    def __init__(self, code: str, words: Mapping[str, str]) -> None:
        # Both go to Exception.__init__: an exception that cannot be unpickled breaks the pool that raised it.
        super().__init__(code, words)
        self.code = code
        self.words = words


class BuildFailed(Exception):  # noqa: N818 - as Refused
    """Content, templates or settings need mending; nothing was published."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


def refuse(code: str, **words: str) -> NoReturn:
    """Raise `Refused` with the code of a message and the words it shows."""
    raise Refused(code, words)


def problem(path: str, line: int, code: str, severity: Severity = "error", /, **words: str) -> Problem:
    """Return a problem; the words are kept in a fixed order, so that equal problems compare equal."""
    return Problem(path=path, line=line, severity=severity, code=code, words=tuple(sorted(words.items())))


def located(refused: Refused, path: str, line: int) -> Problem:
    """Return the problem of a refused value that stood at this place."""
    return problem(path, line, refused.code, **refused.words)


def say(code: str, language: Language, **words: str) -> str:
    """Return a sentence of the catalogue that is no problem of a file."""
    return _sentences(code)[language].format(**words)


def errors(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield those that keep a build from being published."""
    return (found for found in problems if found.severity == "error")


def message(found: Problem, language: Language) -> str:
    """Return the sentence that says what is wrong."""
    return _sentences(found.code)[language].format(**_words(found))


def hint(found: Problem, language: Language) -> str:
    """Return what would be right: the first hint of which no word is empty; empty where nothing can be said."""
    words = _words(found)
    for key in (f"{language}_hint", f"{language}_otherwise"):
        template = _sentences(found.code).get(key, "")
        wanted = [name for _, name, _, _ in Formatter().parse(template) if name]
        if template and all(words[name] for name in wanted):
            return template.format(**words)
    return ""


def sentence(found: Problem, language: Language) -> str:
    """Return what is wrong and what would be right."""
    return "; ".join(part for part in (message(found, language), hint(found, language)) if part)


def _words(found: Problem) -> Mapping[str, str]:
    """Return what the sentences show: of a text without end its beginning, which is enough to find it by."""
    return {name: f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text for name, text in found.words}


def show(found: Problem, language: Language) -> str:
    """Return the one line that editors, terminals and editors' programs read: path:line: severity: ... [code]."""
    return f"{found.path}:{found.line}: {found.severity}: {sentence(found, language)} [{found.code}]"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the messages by code: `vi`, `en`, their `_hint`, and an `_otherwise` for a hint that lacks a word."""
    return tomllib.loads(_messages())


@cache
def _sentences(code: str) -> Mapping[str, str]:
    """Return what the catalogue says of a code. To read all of it would take 25 ms, and a build says one sentence."""
    _, found, rest = _messages().partition(f"\n[{code}]\n")
    if not found:
        raise KeyError(code)
    return tomllib.loads(rest.partition("\n[")[0])


@cache
def _messages() -> str:
    files = ((get_data("bulletin", f"messages/{name}.toml") or b"").decode() for name in _FILES)
    return "\n" + "\n".join(files)
