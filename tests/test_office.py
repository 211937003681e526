"""Texts that LibreOffice reads for us: nothing but the file is opened, and without it a sentence says what to do."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from bulletin.intake import Given, Wishes, office, read
from bulletin.problems import Refused
from tests.builders import RULES
from tests.programs import require

WISHES = Wishes(rules=RULES, today=date(2017, 1, 31))
RTF = rb"{\rtf1\ansi\uc0 Ti\u234 u \u273 \u7873 \par Hu\u7871  \b \u273 \u7853 m\b0 .\par}"


def refused(given: Given) -> str:
    with pytest.raises(Refused) as fault:
        read(given, WISHES)
    return fault.value.code


def test_without_it_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_program", lambda: None)
    assert refused(Given(name="a.rtf", data=RTF)) == "intake-needs-office"


def test_a_program_that_makes_nothing_or_hangs_is_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_program", lambda: "soffice")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    assert refused(Given(name="a.rtf", data=RTF)) == "intake-damaged"

    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("soffice", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    assert refused(Given(name="a.rtf", data=RTF)) == "intake-damaged"


def test_a_file_of_it_is_read_and_what_it_links_to_is_not(tmp_path: Path) -> None:
    require("soffice")
    (tmp_path / "mat.txt").write_text("BI MAT", encoding="utf-8")
    included = rb'{\field{\*\fldinst INCLUDETEXT "%b"}{\fldrslt }}' % str(tmp_path / "mat.txt").encode()
    found = read(Given(name="a.doc", data=RTF[:-1] + included + b"}"), WISHES)
    (document,) = found.documents
    assert document.body == "Huế **đậm**.\n"
    assert document.proposals[0].value == "Tiêu đề"
