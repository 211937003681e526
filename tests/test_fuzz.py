"""A short run of what `make fuzz` does for hours, and what that has found."""

from __future__ import annotations

import pytest

from tools.fuzz import TARGETS, fuzz


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_written_only_values_and_problems_come_out(name: str) -> None:
    assert fuzz(name, 60) >= 60
