"""The last look at finished pages: links by their depth, queries, escapes, anchors here and elsewhere."""

from __future__ import annotations

import pytest

from bulletin.pages.views import NoView, Page
from bulletin.render import LinkCollector, dead_links

PATHS = frozenset({"index.html", "tinh/index.html", "tinh/hue/index.html", "a.css", "tinh/hue/Tên lạ.pdf"})


def faults(path: str, *addresses: str, text: str = "") -> list[str]:
    leads = LinkCollector()
    body = text + "".join(f'<p>x <a class="y" href="{address}">z</a></p>' for address in addresses)
    leads.collect(Page(path=path, template="t.html", view=NoView()), body)
    problems = (*leads.problems, *dead_links(leads.found, PATHS, lambda _: '<h2 id="a&amp;b">x</h2>'))
    return [dict(problem.words)["found"] for problem in problems]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("index.html", "./"),
        ("index.html", "tinh/"),
        ("index.html", "tinh/hue/index.html"),
        ("tinh/index.html", "../"),
        ("tinh/index.html", "hue/"),
        ("tinh/hue/index.html", "../"),
        ("tinh/hue/index.html", "../../tinh/?a=b"),
        ("tinh/hue/index.html", "../../a.css"),
        ("tinh/hue/index.html", "T%C3%AAn%20l%E1%BA%A1.pdf"),
        ("tinh/hue/index.html", "T%C3%AAn%20l%E1%BA%A1.pdf#page=3"),
        ("tinh/hue/index.html", "../../tinh/#a&amp;b"),
        ("tinh/hue/index.html", "https://a.vn/mat"),
        ("tinh/hue/index.html", "mailto:a@b.vn"),
    ],
)
def test_a_link_that_leads_somewhere_is_passed(path: str, address: str) -> None:
    assert faults(path, address) == []


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("index.html", "mat/"),
        ("tinh/index.html", "tinh/"),
        ("tinh/hue/index.html", "../hue"),
        ("tinh/hue/index.html", "../../../"),
        ("tinh/hue/index.html", "../../tinh/#mat"),
        ("tinh/hue/index.html", "#mat"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(path: str, address: str) -> None:
    assert len(faults(path, address)) == 1


def test_what_is_right_from_the_top_is_not_right_from_below() -> None:
    leads = LinkCollector()
    for path in ("index.html", "tinh/index.html"):
        leads.collect(Page(path=path, template="t.html", view=NoView()), '<a href="tinh/">x</a>')
    problems = dead_links(leads.found, PATHS, lambda _: "")
    assert [dict(problem.words)["page"] for problem in problems] == ["tinh/index.html"]


def test_an_anchor_of_the_page_itself_is_found_as_it_is_written() -> None:
    assert faults("index.html", "#m%E1%BB%A5c", text='<h2 id="mục">x</h2>') == []


def test_of_a_film_its_file_and_its_poster_are_looked_for() -> None:
    assert len(faults("index.html", "", text='<video poster="mat.jpg" controls src="mat.mp4"></video>')) == 2
