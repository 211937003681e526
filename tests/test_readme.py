"""The README names all that can be written, set and asked for."""

from __future__ import annotations

import re

import pytest

from bulletin.commands.arguments import COMMANDS, OPTIONS
from bulletin.items.article import CORRECTION_KEYS, DEAL_KEYS, KEYS
from bulletin.pages.links import ATTACHMENTS
from bulletin.problems import say
from bulletin.publishing.publish import KEPT
from bulletin.settings import Settings
from bulletin.settings.keys import KEYS as SETTINGS
from tests.sites import REPOSITORY

README = (REPOSITORY / "README.md").read_text("utf-8")
OPERATING = (REPOSITORY / "docs/operating.md").read_text("utf-8")
GUIDE = (REPOSITORY / "docs/huong-dan-bien-tap.md").read_text("utf-8")
NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}

NUMBERS_VI = {3: "ba", 4: "bốn", 5: "năm", 6: "sáu", 7: "bảy", 8: "tám", 9: "chín", 10: "mười"}


def rows(text: str, heading: str) -> list[str]:
    """Return what stands as code in the first cells of a section's tables."""
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return [word for cell in cells for word in re.findall("`([a-z_]+)", cell)]


def test_every_key_of_an_item_has_its_row() -> None:
    assert rows(README, "Writing an item") == list(KEYS)
    section = README.split("\n## Writing an item\n", 1)[1].split("\n## ", 1)[0]
    assert all(f"`{key}`" in section for key in (*DEAL_KEYS, *CORRECTION_KEYS))


def test_every_setting_has_its_row_and_is_checked() -> None:
    assert rows(README, "Settings") == list(Settings.__struct_fields__)
    assert list(SETTINGS) == list(Settings.__struct_fields__)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_row(name: str) -> None:
    assert name in rows(README, "Commands")


@pytest.mark.parametrize("flag", [option.flag for option in OPTIONS])
def test_every_option_is_explained(flag: str) -> None:
    assert f"`{flag}" in README


@pytest.mark.parametrize("ending", ATTACHMENTS)
def test_every_kind_of_attachment_is_named_for_editors_too(ending: str) -> None:
    assert f"`{ending}`" in README
    assert f"`{ending}`" in GUIDE


def test_how_many_publications_can_be_taken_back_is_said() -> None:
    assert f"the last {NUMBERS[KEPT]} can be taken back" in README
    assert f"the last {NUMBERS[KEPT]} publications" in OPERATING
    assert NUMBERS[KEPT] in say("command-rollback", "en")
    assert NUMBERS_VI[KEPT] in say("command-rollback", "vi")
