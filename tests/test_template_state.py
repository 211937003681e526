"""A page is the same whatever pages were rendered before it, also where the site's own templates keep something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bulletin.pages.views import Page, RedirectView
from bulletin.problems import BuildFailed
from bulletin.render import Renderer
from bulletin.settings import Settings
from tests.builders import item
from tests.sites import REPOSITORY, build, snapshot, write
from tests.test_incremental import little_is_much

IMPORTED = re.compile(r'{% import "(.*?)"')
STATE = """
{% set home = link("/") %}
{% set seen = namespace(n=0) %}
{% set names = [] %}
{% set colour = cycler("xanh", "vàng") %}
{% macro way() %}{{ home }}{% endmacro %}
{% macro count() %}
{% set seen.n = seen.n + 1 %}
{{ seen.n }}{{ names.append("a") or names|length }}{{ colour.next() }}
{%- endmacro %}
"""
OUTER = """
{% import "_state.html" as state %}
{% from "_state.html" import way %}
{% macro both() %}{{ state.count() }}{{ way() }}{% endmacro %}
"""
INNER = '{% macro late() %}{% import "_state.html" as state %}{{ state.count() }}{{ state.home }}{% endmacro %}'
SECOND = '{% import "_state.html" as state %}{{ state.count() }}'
FILES = {"_state.html": STATE, "_outer.html": OUTER, "_inner.html": INNER, "_second.html": SECOND}
SNIPPETS = {
    "import": '{% import "_state.html" as state %}{{ state.home }}{{ state.count() }}{{ state.count() }}',
    "from-import": '{% from "_state.html" import home, count, way %}{{ home }}{{ count() }}{{ way() }}',
    "with context": '{% import "_state.html" as state with context %}{{ state.home }}{{ state.count() }}',
    "through another": '{% import "_outer.html" as outer %}{{ outer.both() }}{{ outer.both() }}',
    "within a macro": '{% import "_inner.html" as inner %}{{ inner.late() }}{{ inner.late() }}',
    "include without context": '{% include "_second.html" without context %}',
    "kept by once": '{% import "_state.html" as state %}{{ once(state.count) }}{{ once(state.way) }}',
    "a page's own macro": "{% macro own() %}{{ view.title }}{% endmacro %}{{ once(own) }}",
    "its own namespace": "{% set n = namespace(v=0) %}{% set n.v = n.v + 1 %}{{ n.v }}{{ link('/') }}",
}


def rendered(snippet: str, *paths: str) -> list[str]:
    """Return what a template gives for pages at these paths, rendered one after the other."""
    renderer = Renderer(FILES | {"page.html": snippet}, {"page.html"}, Settings(), {})
    return [
        renderer.render(Page(path=path, template="page.html", view=RedirectView(title=path, url="/")), {})
        for path in paths
    ]


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_page_is_the_same_after_any_other(name: str) -> None:
    paths = ("index.html", "tin/2016/12/a/index.html", "thang/index.html", "index.html", "atom.xml", "404.html")
    assert rendered(SNIPPETS[name], *paths) == [rendered(SNIPPETS[name], path)[0] for path in paths]


def test_what_a_page_imports_twice_is_the_same_within_the_page() -> None:
    twice = '{% import "_state.html" as state %}{{ state.count() }} {% include "_second.html" %}'
    assert rendered(twice, "index.html", "thang/index.html") == ["11xanh 22vàng"] * 2


def test_a_file_of_macros_and_constants_is_run_once() -> None:
    renderer = Renderer(
        {
            "page.html": '{% import "_outer.html" as outer %}{{ outer.shout("a") }}',
            "_outer.html": '{% from "_inner.html" import loud %}{% set end = "!" %}\n'
            "{% macro shout(word) %}{{ loud(word) }}{{ end }}{% endmacro %}",
            "_inner.html": "{% macro loud(word) %}{{ word|upper }}{{ link('/') }}{% endmacro %}",
        },
        (),
        Settings(),
        {},
    )
    made, modules = [], []
    for path in ("index.html", "thang/index.html"):
        made.append(renderer.render(Page(path=path, template="page.html", view=RedirectView(title="", url="/")), {}))
        modules.append(renderer.environment.module_of(renderer.environment.get_template("_outer.html")))
    assert made == ["A./!", "A../!"]
    assert modules[0] is modules[1]


def test_all_files_of_macros_that_come_with_the_program_are_run_once() -> None:
    """A page would take longer if they were run for each."""
    folder = REPOSITORY / "templates"
    renderer = Renderer({path.name: path.read_text("utf-8") for path in folder.glob("*.html")}, (), Settings(), {})
    named = {name for path in folder.glob("*.html") for name in IMPORTED.findall(path.read_text("utf-8"))}
    assert len(named) > 4
    for name in named:
        template = renderer.environment.get_template(name)
        first = renderer.environment.module_of(template)
        renderer.environment.begin_page()
        assert renderer.environment.module_of(template) is first, name


@pytest.mark.parametrize("words", ["{{ [1, 2]|random }}", "{{ lipsum() }}"])
def test_a_template_finds_nothing_that_is_random(words: str) -> None:
    with pytest.raises(BuildFailed) as failed:
        rendered(words, "index.html")
    assert [found.code for found in failed.value.problems] == ["template-error"]


def test_in_any_order_in_any_process_and_after_any_edit_a_site_comes_out_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = REPOSITORY / "templates"
    frame = (shipped / "_frame.html").read_text("utf-8")
    counted = frame.replace("<footer", '<p class="so">{% set kept.n = kept.n + 1 %}{{ kept.n }}</p><footer')
    base = (shipped / "base.html").read_text("utf-8")
    words = "".join(f"<p>{SNIPPETS[name]}</p>\n" for name in SNIPPETS if name != "a page's own macro")
    files = {f"templates/{name}": text for name, text in FILES.items()}
    files |= {
        "templates/_frame.html": "{% set kept = namespace(n=0) %}\n" + counted,
        "templates/base.html": base.replace("</body>", f"{words}</body>"),
    }
    files |= {f"content/{n:02}.md": item(title=f"Tin {n}", date=f"2016-{1 + n % 12:02}-05") for n in range(24)}
    assert counted != frame
    root = write(tmp_path / "site", files)
    with little_is_much():
        assert build(root, "--jobs", "2").code == 0
    write(root, {"content/05.md": item(title="Tên mới", date="2016-05-06")})
    assert build(root, "--jobs", "1").code == 0
    edited = snapshot(root / "output")
    assert build(root, "--jobs", "1", "--fresh", "--output", str(tmp_path / "one")).code == 0
    with monkeypatch.context() as patch:
        alone = Renderer.render
        patch.setattr(Renderer, "render", lambda self, *what: alone(renewed(self), *what))
        assert build(root, "--jobs", "1", "--fresh", "--output", str(tmp_path / "alone")).code == 0
    assert edited == snapshot(tmp_path / "one") == snapshot(tmp_path / "alone")
    assert '<p class="so">1</p>' in edited["index.html"].decode()


def renewed(renderer: Renderer) -> Renderer:
    """Return a renderer of the same templates that has rendered nothing yet."""
    return Renderer(renderer.templates, renderer.own, renderer.settings, renderer.assets)
