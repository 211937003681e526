"""Two browsers, a text editor and kills of the server at one item: nothing is lost that anybody saved."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser

from tools.storm import storm

SECONDS = float(os.environ.get("BULLETIN_STORM", "0"))


# It takes both cores for as long as it is given.
if SECONDS:

    def test_in_a_storm_nothing_is_lost_that_anybody_was_told_is_safe(chromium: Browser, tmp_path: Path) -> None:
        pauses = (8, 25) if SECONDS > 60 else (1, 2)
        done = storm(tmp_path / "site", SECONDS / 60, chromium, seed=7, pauses=pauses)
        assert done.missing == {}, dict(done.told)
        assert done.told["kills"] > 0
