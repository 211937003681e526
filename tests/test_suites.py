"""The examples of CommonMark, which other programs are tested with, keep what we promise about any text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import missing
from tests.sites import REPOSITORY
from tools.suites import broken_promises, inputs

SPEC = REPOSITORY / "node_modules/commonmark-spec/spec.txt"


def test_the_examples_of_commonmark_keep_every_promise() -> None:
    if not SPEC.is_file():
        missing("commonmark-spec is not installed: npm ci")
    texts = inputs(SPEC.parent)
    assert len(texts) > 600
    assert {text: found for text in texts if (found := broken_promises(text))} == {}


def test_the_inputs_are_examples_files_and_strings_each_once(tmp_path: Path) -> None:
    fence = "`" * 32
    example = f"# Tabs\n\n{fence} example\n→Huế\n.\n<p>Huế</p>\n{fence}\n"
    (tmp_path / "spec.txt").write_text(example + example, "utf-8")
    (tmp_path / "basic").mkdir()
    (tmp_path / "basic" / "a.txt").write_text("Đà Nẵng\r\n", "utf-8", newline="")
    (tmp_path / "basic" / "a.html").write_text("<p>Cần Thơ</p>\n", "utf-8")
    (tmp_path / "test_b.py").write_text('x = "Vinh"\ny = """\n  Đà\n  Lạt\n"""\nz = "\\x00"\n', "utf-8")
    assert inputs(tmp_path) == ["Đà Nẵng\n", "\tHuế\n", "Vinh", "Đà\nLạt"]


def test_a_promise_that_is_broken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.suites.fast_path.html_of", lambda text, _: f"<p>{text}!</p>")
    assert broken_promises("Huế") == [f"{mode}: the fast path differs" for mode in ("auto", "all", "none")]
