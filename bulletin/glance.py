"""A glance at a site: its items as they are now, and its last build. Kept state makes it quick, and stays as it is."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from bulletin import site
from bulletin.compiling import CompiledContent, compile_content
from bulletin.model import Content
from bulletin.pipeline import STATE, LastBuild, hear_nothing, looks, state_stamp
from bulletin.pool import Pool, cores
from bulletin.publish import Workshop
from bulletin.rendering import Press
from bulletin.settings import Settings
from bulletin.state import Damaged, State


class Glance(Struct, frozen=True, kw_only=True):
    """What is there to be built, and what was last built of it."""

    content: Content
    compiled: CompiledContent
    last: LastBuild | None
    """None if nothing was built into this folder, or nothing is known of it any more."""
    is_as_built: bool
    """Whether content, templates and settings look as they did in the last build."""


def glance(root: Path, output: Path, settings: Settings) -> Glance:
    """Look at a site without changing anything; raise BuildFailed where it has no content or cannot be read."""
    try:
        return _glance(root, output, settings, State.look(root / STATE, state_stamp(site.stamp(), settings)))
    except Damaged:
        return _glance(root, output, settings, State.in_memory(None))


def _glance(root: Path, output: Path, settings: Settings, state: State) -> Glance:
    pool = Pool(cores(), None, hear_nothing)
    try:
        press = Press(root, settings, Workshop.beside(output), state, pool)
        content, _ = site.list_content(root)
        known = state.last_build(press.output, LastBuild)
        last = known[1] if known else None
        return Glance(
            content=content,
            compiled=compile_content(root, content, settings.house, state, pool),
            last=last,
            is_as_built=last is not None and last.looks == looks(press, content),
        )
    finally:
        pool.close()
        state.close()
