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


@pytest.mark.parametrize(
    ("tag", "edited"),
    [
        ('{% include "./_rieng.html" %}', "_rieng.html"),
        ('{% include ".//phan/./_rieng.html" %}', "phan/_rieng.html"),
        ('{% include ["khong.html", "./_rieng.html"] %}', "_rieng.html"),
        ('{% import "./phan//_rieng.html" as rieng %}{{ rieng }}', "phan/_rieng.html"),
        # An asset may be a template too, and include another.
        ('{% include "assets/hinh.svg" %}', "_rieng.html"),
        ('{% include "assets/hinh.svg" %}', "assets/hinh.svg"),
    ],
)
def test_an_edit_is_seen_however_the_name_is_written(tmp_path: Path, tag: str, edited: str) -> None:
    kept = {"_rieng.html": "một", "phan/_rieng.html": "một", "assets/hinh.svg": '<svg/>{% include "_rieng.html" %}'}
    own = {"404.html": TEMPLATE.format(tag), **kept}
    root = write(tmp_path / "site", ITEM | {f"templates/{name}": text for name, text in own.items()})
    assert build(root).code == 0
    for text in ("hai", "ba"):
        write(root, {f"templates/{edited}": f"<i>{text}</i>"})
        assert build(root).code == 0
        assert f"<i>{text}</i>" in (root / "output/404.html").read_text("utf-8")
        assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / text))


@pytest.mark.parametrize("text", ["", "có"])
def test_a_template_that_comes_and_goes_is_seen_even_if_it_is_empty(tmp_path: Path, text: str) -> None:
    tag = '{% include ["_mot.html", "_hai.html"] %}'
    root = write(tmp_path / "site", ITEM | {"templates/404.html": TEMPLATE.format(tag), "templates/_hai.html": "hai"})
    first = root / "templates/_mot.html"
    for number, is_there in enumerate((False, True, False)):
        if is_there:
            first.write_text(text, "utf-8")
        else:
            first.unlink(missing_ok=True)
        assert build(root).code == 0
        page = (root / "output/404.html").read_text("utf-8")
        assert ("<h1>Lạc</h1>hai" in page) == (not is_there)
        assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / str(number)))


@pytest.mark.parametrize("name", [".an.html", "~$an.html", "an/.an/an.html", "../an.html"])
def test_what_is_no_template_cannot_be_included(tmp_path: Path, name: str) -> None:
    """It is not read with the others, so an edit of it would not be seen."""
    tag = f"{{% include {name!r} %}}"
    root = write(tmp_path, ITEM | {"templates/404.html": TEMPLATE.format(tag), f"templates/{name}": "ẩn"})
    ran = build(root)
    assert (ran.code, ran.codes) == (1, ["template-missing"])


def test_a_template_in_another_encoding_is_told_at_its_line(tmp_path: Path) -> None:
    root = write(tmp_path, ITEM | {"templates/404.html": b"<p>\n\xd4ng\n", "templates/ghi-chu.txt": b"\xd4ng"})
    ran = build(root)
    found = [(one["path"], one["line"], one["code"]) for one in ran.json["problems"]]
    assert (ran.code, found) == (1, [("templates/404.html", 2, "file-not-utf8")])


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
