"""Programs that some tests need beside Python."""

from __future__ import annotations

import os
import shutil

import pytest


def require(program: str) -> str:
    """Return the program's path; without it skip the test, or fail it where BULLETIN_REQUIRE_ALL=1 asks for all."""
    path = shutil.which(program)
    if path is not None:
        return path
    if os.environ.get("BULLETIN_REQUIRE_ALL") == "1":
        pytest.fail(f"{program} is not installed")
    pytest.skip(f"{program} is not installed")
