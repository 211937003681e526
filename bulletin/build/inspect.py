"""A look at a site: its items as they are now, and its last build. It uses the kept state and changes nothing."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from bulletin.build import content_folder
from bulletin.build.cache import State
from bulletin.build.compile_items import CompiledContent, compile_items
from bulletin.build.content_folder import ContentFolder
from bulletin.build.inputs import program_digest, read_inputs
from bulletin.build.pool import Pool, cores
from bulletin.build.requests import STATE, LastBuild, hear_nothing, looks, state_stamp
from bulletin.build.seals import Damaged
from bulletin.publishing import Publisher
from bulletin.settings import Settings


class Inspection(Struct, frozen=True, kw_only=True):
    """The items of a site, and its last build."""

    folder: ContentFolder
    compiled: CompiledContent
    last: LastBuild | None
    """None if nothing was ever built into this folder, or if the state no longer knows of it."""
    is_as_built: bool
    """Whether content, templates and settings look as they did in the last build."""


def inspect(root: Path, output: Path, settings: Settings, *, fresh: bool = False) -> Inspection:
    """Look at a site without changing anything; raise BuildFailed where it has no content or cannot be read.

    With `fresh` the kept state is not used.
    """
    if fresh:
        return _inspect(root, output, settings, State.in_memory(None))
    try:
        stamp = state_stamp(program_digest(), settings)
        return _inspect(root, output, settings, State.look(root / STATE, stamp))
    except Damaged:
        return _inspect(root, output, settings, State.in_memory(None))


def _inspect(root: Path, output: Path, settings: Settings, state: State) -> Inspection:
    pool = Pool(cores(), None, hear_nothing)
    try:
        found = content_folder.surveyed(root)
        folder, _ = content_folder.look(root, found)
        known = state.last_build(Publisher.beside(output).key, LastBuild)
        last = known[1] if known else None
        return Inspection(
            folder=folder,
            compiled=compile_items(folder, settings.item_rules, state, pool),
            last=last,
            is_as_built=last is not None and last.looks == looks(read_inputs(root, settings), found),
        )
    finally:
        pool.close()
        state.close()
