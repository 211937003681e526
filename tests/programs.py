"""Programs that some tests need beside Python."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def require(program: str) -> str:
    """Return the program's path; without it skip the test, or fail it where BULLETIN_REQUIRE_ALL=1 asks for all."""
    return shutil.which(program) or missing(f"{program} is not installed")


def missing(reason: str) -> NoReturn:
    """Skip a test that cannot be run here; fail it where BULLETIN_REQUIRE_ALL=1 asks for all."""
    if os.environ.get("BULLETIN_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
