"""Which templates a template refers to: as Jinja reads it, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.problems import BuildFailed
from bulletin.render import references
from tests.sites import REPOSITORY, build, snapshot, write
from tests.test_incremental import fresh

ITEM = {"content/a.md": "---\ntitle: Tin\nprovince: Huế\ndate: 2016-12-25\n---\nThân bài.\n"}
TEMPLATE = '{{% extends "base.html" %}}{{% block main %}}<h1>Lạc</h1>{0}{{% endblock %}}'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("không có gì", ()),
        ('{% include "a.html" %}', ("a.html",)),
        ('{% include  "a.html" %}', ("a.html",)),
        ("{%- include 'a.html' -%}", ("a.html",)),
        ('{%+ include\n"a.html"\t%}', ("a.html",)),
        ('{% include "a.html" ignore missing with context %}', ("a.html",)),
        ('{% include ["a.html", "b.html"] %}', ("a.html", "b.html")),
        ('{% include ("a.html", "b.html") %}', ("a.html", "b.html")),
        ('{% extends "a.html" %}{% block x %}{% include "b.html" %}{% endblock %}', ("a.html", "b.html")),
        ('{% import "a.html" as a %}{% from "b.html" import c, d as e %}', ("a.html", "b.html")),
        ('{% if x %}{% include "a.html" %}{% else %}{% include "b.html" %}{% endif %}', ("a.html", "b.html")),
        (
            '{% macro m() %}{% include "a.html" %}{% endmacro %}{% set x %}{% include "a.html" %}{% endset %}',
            ("a.html",),
        ),
        ('{# {% include "a.html" %} #}{% raw %}{% include x %}{% endraw %}', ()),
    ],
)
def test_what_jinja_tells_is_taken(text: str, named: tuple[str, ...]) -> None:
    assert references("x.html", text) == named


@pytest.mark.parametrize(
    "expression",
    [
        '"a.html" if x else "b.html"',
        "x",
        '"a" ~ ".html"',
        '["a.html", x]',
        "view.template",
        '"%s.html" % x',
        '"a.html"|lower',
        "['a.html'] + x",
        "1",
    ],
)
@pytest.mark.parametrize("tag", ["include {}", "extends {}", "import {} as a", "from {} import a"])
def test_what_jinja_cannot_tell_is_refused_at_its_line(tag: str, expression: str) -> None:
    line = f"{{% {tag.format(expression)} %}}"
    with pytest.raises(BuildFailed) as caught:
        references("x.html", f"một\nhai {line} ba\n")
    (refused,) = caught.value.problems
    assert (refused.path, refused.line, refused.code) == ("templates/x.html", 2, "template-computed")
    assert dict(refused.words)["found"] == f"hai {line} ba"


def test_what_is_no_template_is_told_at_its_line() -> None:
    with pytest.raises(BuildFailed) as caught:
        references("x.html", "một\n{% include %}\n")
    (refused,) = caught.value.problems
    assert (refused.path, refused.line, refused.code) == ("templates/x.html", 2, "template-error")


@pytest.mark.parametrize("tag", ['{% include  "_rieng.html" %}', '{% include ["khong.html", "_rieng.html"] %}'])
def test_an_edit_of_an_included_template_is_seen(tmp_path: Path, tag: str) -> None:
    own = {"templates/404.html": TEMPLATE.format(tag), "templates/_rieng.html": "một"}
    root = write(tmp_path / "site", ITEM | own)
    assert build(root).code == 0
    for text in ("hai", "ba"):
        write(root, {"templates/_rieng.html": text})
        assert build(root).json["written"] == 1
        assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / text))


def test_a_template_that_may_be_included_is_refused_before_anything_is_published(tmp_path: Path) -> None:
    root = write(tmp_path, ITEM)
    assert build(root).code == 0
    before = snapshot(root / "output")
    tag = '{% include "_mot.html" if site.title else "_hai.html" %}'
    write(root, {"templates/404.html": TEMPLATE.format(tag), "templates/_mot.html": "", "templates/_hai.html": ""})
    ran = build(root)
    assert (ran.code, ran.codes) == (1, ["template-computed"])
    assert snapshot(root / "output") == before


def test_a_file_that_no_page_refers_to_may_be_anything(tmp_path: Path) -> None:
    default = (REPOSITORY / "templates/404.html").read_text("utf-8")
    root = write(tmp_path, ITEM | {"templates/404.html": default, "templates/ghi-chu.txt": "{% include x %}{% hỏng"})
    assert build(root, "--strict").code == 0
