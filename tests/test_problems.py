"""Problems and their catalogue: every code has its sentences, every sentence its code, both languages say the same."""

from __future__ import annotations

import ast
import pickle
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from bulletin import problems
from bulletin.build import render_pages
from bulletin.commands import arguments, status
from bulletin.desk.team import ROLES
from bulletin.desk.team.log import Did
from bulletin.items import KEYS
from bulletin.problems import (
    BuildFailed,
    Language,
    Refused,
    catalogue,
    hint,
    message,
    problem,
    problem_at,
    refuse,
    say,
    show,
)
from bulletin.review import differences
from bulletin.settings import keys
from bulletin.vietnamese import clean, provinces

PACKAGE = Path(problems.__file__).parent
CATALOGUES = sorted(PACKAGE.glob("messages/*.toml"))
TEMPLATES = [(code, text) for code, entry in catalogue().items() for text in entry.values()]
VIETNAMESE_ONLY = {"full"}  # «tỉnh Thái Nguyên»: a phrase for Vietnamese sentences alone
NAMES = ("Markdown", "Python", "Toàn quốc", "UTF-8", "Windows")  # what may begin a sentence as a capital
NO_WORDS = {"self", "code", "path", "line", "severity", "language", "words"}
CODE = re.compile("[a-z]+(-[a-z_]*[a-z][a-z0-9_]*)+")  # «file-utf16», not «utf-8»

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A code where it stands in the source, with the words that its sentences get."""

    code: str
    where: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A function that takes a `code`: as which argument, and the words that it adds to those it is given."""

    position: int
    words: frozenset[str]


class Source:
    """The modules of the package, read for the codes that they hand to whatever takes a `code`."""

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self.modules = modules
        self.functions: dict[str, dict[str, ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        self.takers: dict[str, dict[str, Taker]] = {}
        self.methods: dict[str, dict[str, Taker]] = {}
        for name, tree in modules.items():
            self.functions[name] = {node.name: node for node in tree.body if isinstance(node, Function)}
            of_functions = {called: _taker(node) for called, node in self.functions[name].items()}
            of_methods = {
                (owner.name, node.name): _taker(node)
                for owner in tree.body
                if isinstance(owner, ast.ClassDef)
                for node in owner.body
                if isinstance(node, Function)
            }
            of_functions |= {owner: taker for (owner, called), taker in of_methods.items() if called == "__init__"}
            self.takers[name] = {called: taker for called, taker in of_functions.items() if taker}
            self.methods[name] = {
                called: taker for (_, called), taker in of_methods.items() if taker and called != "__init__"
            }

    def uses(self) -> Iterator[Use]:
        for name, tree in self.modules.items():
            for scope in _scopes(tree):
                for call in _calls(scope):
                    if taker := self._called(name, call):
                        where = f"{name}.py:{call.lineno}"
                        words = taker.words | frozenset(_given(call))
                        for code in self._codes(name, scope, _argument(call, taker), where):
                            yield Use(code=code, where=where, words=words)

    def _called(self, module: str, call: ast.Call) -> Taker | None:
        if isinstance(call.func, ast.Attribute):
            others = [methods for name, methods in self.methods.items() if name != module]
            return next((m[call.func.attr] for m in (self.methods[module], *others) if call.func.attr in m), None)
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in self.functions[module] or name in self.takers[module]:
            return self.takers[module].get(name)
        # What is no own function is imported, and what is imported with a code comes from `problems`.
        return self.takers["problems"].get(name)

    def _codes(self, module: str, scope: ast.AST, node: ast.expr, where: str) -> set[str]:
        """Return the codes that an expression can be; none where it passes on the code that it was given."""
        if isinstance(node, ast.Constant):
            return {str(node.value)}
        codes = set(self._written(module, scope, node))
        is_passed_on = "code" in {getattr(node, "id", ""), getattr(node, "attr", "")}
        shapes = {_shape(part) for part in ast.walk(node) if isinstance(part, ast.JoinedStr)}
        if not (codes or is_passed_on) or not shapes <= self.expansions.keys():
            raise AssertionError(f"{where}: cannot tell which codes «{ast.unparse(node)}» can be")
        return codes

    def _written(self, module: str, scope: ast.AST, node: ast.AST, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yield every code in an expression, in what its names are assigned, in what the functions it calls return."""
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value):
                yield part.value
            elif isinstance(part, ast.JoinedStr):
                yield from self.expansions.get(_shape(part), ())
            elif isinstance(part, ast.Name) and part.id not in seen:
                function = self.functions[module].get(part.id)
                for value in _returned(function) if function else _assigned(scope, part.id):
                    yield from self._written(module, function or scope, value, seen | {part.id})

    @cached_property
    def expansions(self) -> Mapping[str, set[str]]:
        """Return what each f-string of a code can become, from the values that the source gives it."""
        tables = keys.KEYS, keys.DESK_KEYS, keys.EDITION_KEYS
        kinds = {kind.__name__ for table in tables for kind, _ in table.values()}
        return {
            "missing-{key}": {f"missing-{key}" for key in self._arguments("require", slice(None))},
            "not-a-list-of-{key}": {f"not-a-list-of-{key}" for key in self._arguments("mappings", slice(1))},
            "setting-not-{kind.__name__}": {f"setting-not-{kind}" for kind in kinds},
            "option{option.flag[1:]}": {f"option{option.flag[1:]}" for option in arguments.OPTIONS},
            "command-{name}": {f"command-{name}" for name in arguments.COMMANDS},
            "reason-{reason}": {f"reason-{reason}" for reason in get_args(render_pages.Reason)},
            "due-{reason}": {f"due-{reason}" for reason in get_args(status.Reason)},
            "status-{what}": {f"status-{what}" for what in get_args(status.Listed)},
            "log-{entry.what}": {f"log-{what}" for what in get_args(Did)},
            "role-{user.role}": {f"role-{role}" for role in ROLES},
            "field-{key}": {f"field-{key}" for key in differences.NAMED},
            "phase-{phase}": {"phase-compiling", "phase-imaging", "phase-rendering", "phase-sending"},
        }

    def _arguments(self, method: str, which: slice) -> Iterator[str]:
        """Yield the values of the arguments that the source calls a method with."""
        for name, tree in self.modules.items():
            for call in _calls(tree):
                if isinstance(call.func, ast.Attribute) and call.func.attr == method:
                    for argument in call.args[which]:
                        if isinstance(argument, ast.Starred):
                            yield from getattr(import_module(f"bulletin.{name}"), ast.unparse(argument.value))
                        else:
                            yield ast.literal_eval(argument)


@cache
def _calls(tree: ast.AST) -> tuple[ast.Call, ...]:
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Call))


@cache
def _taker(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Taker | None:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args) if argument.arg != "self"]
    if "code" not in names:
        return None
    added = {word for call in _calls(function) for word in _given(call)}
    return Taker(position=names.index("code"), words=frozenset({*names, *added} - NO_WORDS))


def _given(call: ast.Call) -> Iterator[str]:
    """Yield the words of a call, also those that it spreads from a dictionary written there."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg
        for part in ast.walk(keyword.value) if keyword.arg is None else ():
            if isinstance(part, ast.Dict):
                yield from (str(ast.literal_eval(key)) for key in part.keys if key)


def _argument(call: ast.Call, taker: Taker) -> ast.expr:
    by_name = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    starred = [argument for argument in call.args[: taker.position + 1] if isinstance(argument, ast.Starred)]
    return (by_name or starred or [call.args[taker.position]])[0]


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what has names of its own: functions, methods, and the statements that are neither."""
    for node in tree.body:
        yield from node.body if isinstance(node, ast.ClassDef) else [node]


def _assigned(scope: ast.AST, name: str) -> list[ast.expr]:
    plain = (
        node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets)
    )
    walrus = (node.value for node in ast.walk(scope) if isinstance(node, ast.NamedExpr) and node.target.id == name)
    return [*plain, *walrus]


def _returned(function: ast.AST) -> list[ast.expr]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]


def _shape(node: ast.JoinedStr) -> str:
    parts = (part.value if isinstance(part, ast.FormattedValue) else part for part in node.values)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part)}}}" for part in parts)


@cache
def modules() -> Mapping[str, ast.Module]:
    """Return the modules by their names: «items.fields»."""
    files = (file for file in PACKAGE.rglob("*.py") if file.name != "__init__.py")
    names = {".".join(file.relative_to(PACKAGE).with_suffix("").parts): file for file in files}
    return {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in names.items()}


def with_module(text: str) -> Source:
    """Return the source with one more module, which has imported all it needs."""
    return Source({**modules(), "extra": ast.parse(text)})


def without_module(name: str) -> Source:
    return Source({other: tree for other, tree in modules().items() if other != name})


def unsaid(source: Source) -> list[str]:
    """Return the codes that have no sentences, with their places."""
    return sorted({f"{use.where}: {use.code}" for use in source.uses() if use.code not in catalogue()})


def unused(source: Source) -> list[str]:
    """Return the codes whose sentences nobody says."""
    return sorted(catalogue().keys() - {use.code for use in source.uses()})


def wordless(source: Source) -> list[str]:
    """Return the uses that would fail for want of a word."""
    return sorted(
        f"{use.where}: {use.code} lacks {sorted(lacking)}"
        for use in source.uses()
        if (lacking := words_of(use.code, "vi", "en") - use.words)
    )


def words_of(code: str, *languages: Language) -> set[str]:
    templates = (text for name, text in catalogue().get(code, {}).items() if name.startswith(languages))
    return {word for text in templates for _, word, _, _ in Formatter().parse(text) if word}


def of_refused(read: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        read()
    return caught.value


def test_every_code_of_the_source_has_its_sentences() -> None:
    assert unsaid(Source(modules())) == []


def test_every_sentence_of_the_catalogue_is_said_somewhere() -> None:
    assert unused(Source(modules())) == []


def test_every_sentence_gets_the_words_it_needs() -> None:
    assert wordless(Source(modules())) == []


@pytest.mark.parametrize(
    "text",
    [
        'def f(): refuse("new-code")',
        'def f(): refuse("date-year" if a else "new-code", found=x)',
        'def f(): yield problem(path, 1, "new-code", "warning", found=x)',
        'def f(fields): fields.report("new-code", 1, found=x)',
        'def f(): print(say("new-code", language))',
        'def f():\n    code = "new-code" if a else "url-taken"\n    problem(path, 1, code)',
        'def g(): return "" if a else "new-code"\ndef f():\n    if code := g():\n        problem(path, 1, code)',
        'def g():\n    reasons = {"new-code": a}\n    return next(iter(reasons)), 1\ndef f(): refuse(*g())',
        'class Fault(Exception):\n    def __init__(self, line, code): ...\ndef f(): raise Fault(1, "new-code")',
        'class Task:\n    def run(self): refuse("new-code")',
        'KEYS = {"a": lambda text: refuse("new-code", found=text)}',
    ],
)
def test_a_code_without_sentences_is_found_however_it_is_written(text: str) -> None:
    found = [where for where in unsaid(with_module(text)) if where.endswith(": new-code")]
    assert [where.partition(":")[0] for where in found] == ["extra.py"]


def test_a_required_key_without_sentences_for_its_absence_is_found() -> None:
    found = unsaid(with_module('def f(fields): fields.require("title", "new_key")'))
    assert any(where.endswith(": missing-new_key") for where in found)


def test_a_sentence_that_nobody_says_any_more_is_found() -> None:
    assert "template-dead-link" in unused(without_module("render.link_check"))


def test_a_word_that_a_sentence_needs_and_does_not_get_is_found() -> None:
    found = wordless(with_module('def f(): refuse("link-to-no-item", found=x)'))
    assert "extra.py:1: link-to-no-item lacks ['near']" in found


@pytest.mark.parametrize(
    "text",
    [
        "def f(): refuse(a + b)",
        "def f(): refuse(f'{a}-b')",
        "def f(): refuse('date-year' if a else f'{a}-b')",
        "def f(): refuse(g())",
    ],
)
def test_a_code_that_cannot_be_told_from_the_source_is_not_passed_over(text: str) -> None:
    with pytest.raises(AssertionError, match=r"extra\.py:1: cannot tell"):
        unsaid(with_module(text))


def test_no_code_stands_in_two_catalogues() -> None:
    codes = [code for file in CATALOGUES for code in tomllib.loads(file.read_text(encoding="utf-8"))]
    assert sorted(codes) == sorted(catalogue())


def test_what_is_said_of_one_code_is_what_the_catalogue_says() -> None:
    languages: tuple[Language, ...] = ("vi", "en")
    for code, entry in catalogue().items():
        words = {name: "từ" for text in entry.values() for _, name, _, _ in Formatter().parse(text) if name}
        for language in languages:
            assert say(code, language, **words) == entry[language].format(**words)
    with pytest.raises(KeyError):
        say("no-such-code", "vi")


def test_both_languages_have_a_hint_or_neither_has() -> None:
    hinted = {"vi", "en", "vi_hint", "en_hint"}
    kinds = ({"vi", "en"}, hinted, hinted | {"vi_otherwise", "en_otherwise"})
    for_files = {code: entry.keys() - {"vi_form", "en_form"} for code, entry in catalogue().items()}
    assert [code for code, keys in for_files.items() if keys not in kinds] == []


def test_a_hint_in_the_form_replaces_one_and_speaks_of_no_key() -> None:
    forms = {code: entry for code, entry in catalogue().items() if {"vi_form", "en_form"} & entry.keys()}
    assert forms
    written = re.compile(rf"khóa|\bkey\b|---|\]\(|\b(?:{'|'.join(KEYS)}):")
    for code, entry in forms.items():
        assert {"vi_hint", "en_hint", "vi_form", "en_form"} <= entry.keys(), code
        assert not written.search(f"{entry['vi_form']} | {entry['en_form']}"), code


def test_both_languages_say_a_thing_with_the_same_words() -> None:
    differing = [code for code in catalogue() if words_of(code, "vi") - VIETNAMESE_ONLY != words_of(code, "en")]
    assert differing == []


def test_sentences_are_clean_composed_text_on_one_line() -> None:
    assert [(code, text) for code, text in TEMPLATES if text != clean(text)] == []


def test_sentences_begin_small_unless_with_a_name_and_end_without_a_full_stop() -> None:
    assert [(code, text) for code, text in TEMPLATES if text[0].isupper() and not text.startswith(NAMES)] == []
    assert [(code, text) for code, text in TEMPLATES if text.endswith((".", ",", ";"))] == []


def test_vietnamese_marks_its_tones_as_the_rest_of_the_bulletin_does() -> None:
    odd = re.compile(r"o[áàảãạéèẻẽẹ]\b|(?<!q)u[ýỳỷỹỵ]\b")  # «xoá» for «xóa», «tuỳ» for «tùy»
    assert [(code, text) for code, text in TEMPLATES if odd.search(text)] == []


def test_a_problem_reads_as_the_line_that_editors_and_their_programs_know() -> None:
    refused = of_refused(lambda: provinces.resolve("Thái Nguyen Xanh", date(2016, 12, 25)))
    found = problem_at(refused, "content/2016/a.md", 3)
    assert show(found, "vi") == (
        "content/2016/a.md:3: error: không có tỉnh, thành phố «Thái Nguyen Xanh»; ý bạn là «Thái Nguyên»? "
        "[unknown-province]"
    )
    assert show(found, "en") == (
        "content/2016/a.md:3: error: there is no province or city «Thái Nguyen Xanh»; did you mean «Thái Nguyên»? "
        "[unknown-province]"
    )


def test_a_hint_that_lacks_a_word_is_left_out() -> None:
    found = problem("content/a.md", 3, "file-name", "warning", found="Đà.md", near="")
    assert hint(found, "vi") == ""
    assert show(found, "en").endswith("has accents, blanks or odd characters [file-name]")


def test_a_hint_that_lacks_a_word_gives_way_to_the_one_that_needs_none() -> None:
    assert hint(problem("a.md", 3, "link-to-no-file", found="x", near="«y»"), "en") == "did you mean «y»?"
    assert hint(problem("a.md", 3, "link-to-no-file", found="x", near=""), "en").startswith("put the file into")


def test_a_code_without_a_hint_has_an_empty_one() -> None:
    found = problem("templates/a.html", 3, "template-error", found="x")
    assert (message(found, "en"), hint(found, "en")) == ("the template is at fault: «x»", "")


def test_braces_in_what_was_found_stay_as_they_are() -> None:
    assert "«{near}»" in message(problem("content/a.md", 3, "unknown-key", found="{near}", near="", known=""), "vi")


def test_an_example_shows_braces_as_an_editor_must_write_them() -> None:
    assert hint(problem("a.md", 1, "id-unusable", found="x"), "vi").endswith("## Kết quả {#ket-qua}")
    assert hint(problem("a.html", 1, "template-dead-link", found="x", page="y"), "vi").endswith("{{ link('/tinh/') }}")


def test_sentences_that_are_no_problem_have_both_languages_too() -> None:
    assert say("summary-problems", "vi", errors="2", warnings="1") == "lỗi: 2, cảnh báo: 1"
    assert say("summary-problems", "en", errors="2", warnings="1") == "errors: 2, warnings: 1"


def test_problems_stand_in_the_order_of_their_files_and_lines() -> None:
    late, early = problem("content/a.md", 10, "missing-title"), problem("content/a.md", 9, "missing-value")
    other = problem("content/b.md", 1, "missing-date", "warning")
    assert sorted([other, late, early]) == [early, late, other]


def test_the_order_in_which_words_were_given_does_not_count() -> None:
    assert problem("a.md", 1, "url-taken", found="x", other="y") == problem(
        "a.md", 1, "url-taken", other="y", found="x"
    )


def test_a_refusal_survives_the_way_between_processes() -> None:
    refused = of_refused(lambda: refuse("unknown-category", found="Lễ", known="«Hợp tác»"))
    back = pickle.loads(pickle.dumps(refused))  # noqa: S301 - our own bytes
    assert isinstance(back, Refused)
    assert (back.code, back.words) == ("unknown-category", {"found": "Lễ", "known": "«Hợp tác»"})


def test_a_failed_build_survives_the_way_between_processes() -> None:
    found = problem("content/a.md", 3, "missing-title", key="title")
    back = pickle.loads(pickle.dumps(BuildFailed((found,))))  # noqa: S301 - our own bytes
    assert isinstance(back, BuildFailed)
    assert back.problems == (found,)
