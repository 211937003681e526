"""Jinja as we compile it: what templates mean is what Jinja means by them."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.bccache import bc_magic
from markupsafe import Markup
from msgspec import Struct

from bulletin.build import worker
from bulletin.digests import digest_of_bytes
from bulletin.render import renderer
from bulletin.render.jinja_compiler import Bytecode, Environment, written
from bulletin.render.own_key import mark_of
from tests.builders import item
from tests.sites import build, sample_site, snapshot, write
from tests.test_pages import every_kind_of_page

SHEET = """
{% macro greet(name, sign="!", words=()) %}
{{ name }}{{ sign }}{% for word in words %} {{ word }}{% endfor %}
{% endmacro %}
{% macro framed(title) %}<b>{{ title }}: {{ caller() }}</b>{% endmacro %}
{% macro of_each(rows) %}{% for row in rows %}{{ caller(row) }}{% endfor %}{% endmacro %}
"""


class View(Struct, frozen=True):
    title: str
    inner: Any = None


def environments(**templates: str) -> tuple[jinja2.Environment, Environment]:
    options: dict[str, Any] = {"autoescape": True, "undefined": jinja2.StrictUndefined}
    texts = {f"{name}.html": text for name, text in templates.items()}
    return tuple(make(loader=jinja2.DictLoader(texts), **options) for make in (jinja2.Environment, Environment))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "text",
    [
        "{{ view.title }} {{ view.inner.title }}",
        "{{ view.title|upper }} {{ (view.title ~ '<') }} {{ view.inner.title.strip() }} {{ 'a<b'.upper() }}",
        "{{ show(view.title) }} {{ show(title=view.title) }} {{ show(*[view.title]) }} {{ show(**{'title': '<'}) }}",
        "{% import 'sheet.html' as sheet %}{{ sheet.greet('<An>', words=['&', 1]) }}{{ sheet.greet('B', sign='?') }}",
        "{% from 'sheet.html' import framed with context %}{% call framed('<x>') %}{{ view.title }}{% endcall %}",
        "{% from 'sheet.html' import of_each %}{% call(row) of_each([1, '<']) %}({{ row }}){% endcall %}",
        "{% for n in range(3) %}{{ loop.index }}{{ ',' if not loop.last }}{% endfor %}",
        "{% set kept = namespace(n=0) %}{% for n in [1, 2] %}{% set kept.n = kept.n + n %}{% endfor %}{{ kept.n }}",
        "{{ markup }} {{ none }} {{ true }} {{ 1.5 }} {{ 7 }} {{ [1, '<'] }}",
        "{{ view.title is defined }} {{ lacking is defined }}",
        "{% autoescape false %}{{ view.title }}{{ show(view.title) }}{% endautoescape %}{{ view.title }}",
        "{% extends 'base.html' %}{% block body %}{{ super() }}|{{ self.name() }}|{{ view.title }}{% endblock %}",
        "{% include 'part.html' %}{% filter upper %}{{ view.title }}{% endfilter %}",
        "{% set kept %}<i>{{ view.title }}</i>{% endset %}{{ kept }}",
    ],
)
def test_a_template_gives_what_it_gives_in_jinja(text: str) -> None:
    base = "{% block name %}tên{% endblock %}{% block body %}<p>{% endblock %}"
    made = [
        environment.get_template("page.html").render(
            view=View(title="Tin <b>", inner=View(title=" & ")),
            show=lambda title: f"«{title}»",
            markup=Markup("<hr>"),
        )
        for environment in environments(page=text, sheet=SHEET, base=base, part="{{ view.title }}.")
    ]
    assert made[0] == made[1]
    assert "<b> " not in made[1]


@pytest.mark.parametrize(
    "text", ["{{ lacking }}", "{{ view.inner.lacking }}", "{{ lacking.title }}", "{{ lacking() }}"]
)
def test_what_is_not_there_is_an_error(text: str) -> None:
    _, ours = environments(page=text)
    with pytest.raises((jinja2.UndefinedError, AttributeError)):
        ours.get_template("page.html").render(view=View(title="", inner=View(title="")))


def test_an_attribute_may_be_called_like_a_word_of_python() -> None:
    _, ours = environments(page="{{ view.class }}{{ show(class=1) }}")

    class Odd:
        pass

    odd = Odd()
    setattr(odd, "class", "lớp")
    assert ours.get_template("page.html").render(view=odd, show=lambda **words: words["class"]) == "lớp1"


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none(), st.text().map(Markup)))
def test_a_value_is_written_as_jinja_writes_it(value: object) -> None:
    plain, _ = environments(page="{{ value }}")
    assert plain.get_template("page.html").render(value=value) == written(value)


KEY = b"k" * 32


class Counting(Environment):
    """Counts what it compiles."""

    compiled = 0

    def compile(self, *what: Any, **others: Any) -> Any:
        self.compiled += 1
        return super().compile(*what, **others)


def rendered(folder: Path, text: str = "{{ view.title }}", key: bytes = KEY) -> tuple[str, int]:
    """Return what a template gives and how many were compiled for it, with what is kept in the folder."""
    loader = jinja2.DictLoader({"page.html": text})
    environment = Counting(loader=loader, autoescape=True, bytecode_cache=Bytecode(folder, key))
    return environment.get_template("page.html").render(view=View(title="<Tin>")), environment.compiled


def test_a_compiled_template_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "sâu/templates"
    assert rendered(folder) == ("&lt;Tin&gt;", 1)
    assert rendered(folder) == ("&lt;Tin&gt;", 0)
    assert rendered(folder, "{{ view.title }}!") == ("&lt;Tin&gt;!", 1)
    assert rendered(folder) == ("&lt;Tin&gt;", 1)


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1], lambda data: data[:20], lambda _: b"", lambda data: data[::-1]]
)
def test_a_damaged_one_is_compiled_again(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    rendered(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(harm(kept.read_bytes()))
    assert rendered(tmp_path) == ("&lt;Tin&gt;", 1)
    assert rendered(tmp_path) == ("&lt;Tin&gt;", 0)


def test_what_carries_the_mark_of_another_key_is_compiled_again(tmp_path: Path) -> None:
    rendered(tmp_path, key=b"n" * 32)
    assert rendered(tmp_path) == ("&lt;Tin&gt;", 1)
    assert rendered(tmp_path) == ("&lt;Tin&gt;", 0)


@pytest.mark.parametrize(
    "mark",
    [
        lambda code: digest_of_bytes(code).encode(),
        lambda code: bytes.fromhex(digest_of_bytes(code)),
        lambda code: mark_of(b"", code),
    ],
)
def test_code_that_others_put_among_what_is_kept_is_not_run(tmp_path: Path, mark: Callable[[bytes], bytes]) -> None:
    root = write(tmp_path / "site", every_kind_of_page())
    assert build(root).code == 0
    kept = [file for file in (root / ".cache/templates").iterdir() if file.is_file()]
    assert len(kept) > 10
    stolen = marshal.dumps(compile("raise SystemExit('chạy được')", "template", "exec"))
    for file in kept:
        data = file.read_bytes()
        # What Jinja asks for: its magic number and the pickled checksum of the template.
        begins = data.index(bc_magic)
        code = data[begins : data.index(b".", begins + len(bc_magic)) + 1] + stolen
        file.write_bytes(mark(code) + code)
    write(root, {"content/a.md": item(title="Tên mới")})
    worker._renderer.cache_clear()  # noqa: SLF001 - it has its templates
    assert build(root).code == 0
    assert build(root, "--fresh", "--output", str(tmp_path / "fresh")).code == 0
    assert snapshot(root / "output") == snapshot(tmp_path / "fresh")


def test_where_nothing_can_be_kept_templates_work_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert rendered(tmp_path / "file/templates") == ("&lt;Tin&gt;", 1)


@pytest.mark.parametrize("site", ["the sample", "one with everything"])
def test_every_page_is_the_same_under_plain_jinja(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    root = sample_site(tmp_path / "site") if site == "the sample" else write(tmp_path / "site", every_kind_of_page())
    ours = ("--fresh", "--jobs", "1", "--output", str(tmp_path / "ours"))
    assert build(root, *ours).code == 0
    worker._renderer.cache_clear()  # noqa: SLF001 - it would go on with our compiler
    monkeypatch.setattr(renderer, "Environment", jinja2.Environment)
    plain = ("--fresh", "--jobs", "1", "--output", str(tmp_path / "plain"))
    assert build(root, *plain).code == 0
    worker._renderer.cache_clear()  # noqa: SLF001 - as above
    assert len(snapshot(tmp_path / "ours")) > 100
    assert snapshot(tmp_path / "plain") == snapshot(tmp_path / "ours")
