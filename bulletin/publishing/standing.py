"""What stands in output/ after moves that could be neither finished nor taken back."""

from __future__ import annotations

from pathlib import Path

from bulletin.characters import encodable
from bulletin.digests import digest_of_bytes
from bulletin.problems import Problem, problem
from bulletin.publishing import moves
from bulletin.publishing.history import Journal

_NAMED = 5
"""Files that are named one by one."""


def half_published(journal: Journal, output: Path, fault: OSError) -> Problem:
    """Return the problem that says how many files are as they are to be, which, and what is in the way."""
    place, reason = str(fault.filename2 or fault.filename or output), fault.strerror or str(fault)
    done = [path for path, digest in journal.puts if _digest(output, path) == digest]
    done += [path for path in journal.removals if not (output / path).exists()]
    total = len(journal.puts) + len(journal.removals)
    if len(done) == total:
        return problem(place, 1, "published-not-ended", reason=reason)
    names = ", ".join(encodable(f"{output.name}/{path}") for path in done[:_NAMED])
    more = ", …" if len(done) > _NAMED else ""
    return problem(
        *(place, 1, "half-published"),
        reason=reason,
        done=str(len(done)),
        total=str(total),
        names=f" ({names}{more})" if done else "",
    )


def _digest(output: Path, path: str) -> str:
    """Return the digest of a file; empty if it is not there, or cannot be read."""
    try:
        return digest_of_bytes(moves.read(output, path) or b"")
    except OSError:
        return ""
