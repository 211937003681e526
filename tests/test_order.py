"""At any moment of a publication every link resolves, however its files name each other."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from bulletin.publishing.destination import GENERATOR_MARK
from bulletin.publishing.notice import NOTICE
from bulletin.publishing.order import Step, steps
from bulletin.urls import Turn, turn_of
from tools.readers import is_whole, named_by

Graph = Mapping[str, frozenset[str]]
"""A site: its files, each with those that it names."""
PAGES = [f"{folder}/index.html" for folder in ("tin/2016/12/a", "tin/2016/12/b", "thang/2016", "thang/2016-12", "cu")]
OTHERS = ["thang/2016-12/atom.xml", "tim-kiem/2016.json", "tim-kiem/muc-luc.json", "sitemap-2016-05.xml", "sitemap.xml"]
FILES = ["index.html", *PAGES, *OTHERS, "assets/0.css", "tin/2016/12/a/anh.jpg"]


def may_name(path: str, other: str) -> bool:
    """Tell whether a file may name another one: a page any, others what has an earlier turn, data also pages."""
    turns = turn_of(path), turn_of(other)
    return turns[0] is Turn.PAGE or (turns[0] is not Turn.LEAF and (turns[1] is Turn.PAGE or turns[1] < turns[0]))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    there = draw(st.sets(st.sampled_from(FILES)))
    return {path: frozenset(draw(st.sets(st.sampled_from(sorted(there)))) & named_of(path, there)) for path in there}


def named_of(path: str, there: set[str]) -> set[str]:
    return {other for other in there if may_name(path, other)}


class Standing(dict[str, frozenset[str]]):
    """What stands in output/; notices name nothing."""

    def __init__(self, site: Graph) -> None:
        super().__init__(site)
        self.notices: set[str] = set()

    def make(self, step: Step, coming: Graph) -> None:
        """Make a step, as `moves.make` does."""
        act, path = step
        if act == "put":
            self[path] = coming[path]
            self.notices.discard(path)
        elif act == "remove":
            self.pop(path, None)
            self.notices.discard(path)
        elif (path in self) == (act == "retire"):
            self[path] = frozenset()
            self.notices.add(path)

    def dead(self, old: Graph, new: Graph) -> list[tuple[str, str]]:
        """Return the links that lead nowhere, and those of files that stay which lead to a notice."""
        return [
            (path, name)
            for path, names in self.items()
            for name in names
            if name not in self or (path in old and path in new and name in self.notices)
        ]


def between(old: Graph, new: Graph) -> list[Step]:
    changed = [path for path in old.keys() & new.keys() if old[path] != new[path]]
    return [*steps(new.keys() - old.keys(), changed, old.keys() - new.keys())]


@given(old=graphs(), new=graphs())
def test_every_link_resolves_after_every_step(old: Graph, new: Graph) -> None:
    standing = Standing(old)
    for step in between(old, new):
        standing.make(step, new)
        assert standing.dead(old, new) == [], step
    assert standing == new
    assert not standing.notices


@given(old=graphs(), new=graphs(), chance=st.data())
def test_every_link_resolves_while_steps_are_taken_back_and_while_a_killed_run_is_ended(
    old: Graph, new: Graph, chance: st.DataObject
) -> None:
    standing = Standing(old)
    for _ in range(4):
        to = chance.draw(st.sampled_from([new, old]), label="to")
        there = between(old, new) if to is new else between(new, old)
        for step in there[: chance.draw(st.integers(0, len(there)), label="killed at")]:
            standing.make(step, to)
            assert standing.dead(old, new) == [], step
    for step in between(old, new):
        standing.make(step, new)
        assert standing.dead(old, new) == [], step
    assert standing == new


def test_a_notice_is_a_page_of_ours_that_names_nothing() -> None:
    assert is_whole("a.html", NOTICE)
    assert GENERATOR_MARK in NOTICE
    assert named_by("a.html", NOTICE) == ()
