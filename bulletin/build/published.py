"""What the state of builds knows of a folder into which somebody has put what was built elsewhere."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from msgspec.structs import replace

from bulletin.build.cache import State
from bulletin.build.inputs import program_digest
from bulletin.build.requests import STATE, LastBuild, Report, Request, state_stamp
from bulletin.build.seals import Damaged
from bulletin.publishing import Publisher


def note_published(root: Path, output: Path, made: Request, report: Report) -> None:
    """Note for `inspect` that what was built for a request was then published into `output`, and when it is due again.

    A request of another site than `root` has built anew what was published there before, for another moment.
    """
    key = Publisher.beside(output).key
    is_anew = made.root != root
    # It is published by now; a state that is lost costs the next build time, and `status` says that one is due.
    with suppress(Damaged, OSError), closing(State.open(root / STATE, _stamp(made))) as state:
        known = state.last_build(key if is_anew else Publisher.beside(made.output).key, LastBuild)
        if known is not None:
            told = replace(known[1].report, next_due=report.next_due)
            last = LastBuild(looks=known[1].looks, at=made.now, report=told)
            # Made from nothing that has a digest, it is the last one of no build, which would repeat it.
            state.save_build(key, "", last)


def _stamp(made: Request) -> str:
    return state_stamp(program_digest(), made.settings)
