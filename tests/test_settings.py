"""A setting has one of the values that it may have, or is told at its line with those."""

from __future__ import annotations

import pytest

from bulletin.problems import BuildFailed, sentence
from bulletin.settings import parse


@pytest.mark.parametrize(
    ("key", "known"), [("line_breaks", ("auto", "all", "none")), ("link_style", ("folder", "file"))]
)
def test_a_choice_is_one_of_its_values(key: str, known: tuple[str, ...]) -> None:
    assert [getattr(parse(f'[tool.bulletin]\n{key} = "{value}"\n'), key) for value in known] == list(known)


@pytest.mark.parametrize("value", ["", "Auto", "mọi dòng", "all "])
@pytest.mark.parametrize("key", ["line_breaks", "link_style"])
def test_another_value_is_told_with_those_that_a_choice_has(key: str, value: str) -> None:
    with pytest.raises(BuildFailed) as failed:
        parse(f'[tool.bulletin]\ntitle = "Bản tin"\n{key} = "{value}"\n')
    (found,) = failed.value.problems
    assert (found.line, found.severity, found.code) == (3, "error", "setting-choice")
    assert key in sentence(found, "vi")
    assert ("auto, all, none" if key == "line_breaks" else "folder, file") in sentence(found, "vi")


def test_a_choice_is_a_text() -> None:
    with pytest.raises(BuildFailed) as failed:
        parse("[tool.bulletin]\nline_breaks = true\n")
    assert [found.code for found in failed.value.problems] == ["setting-not-str"]
