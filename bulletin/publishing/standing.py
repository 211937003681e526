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
    """Return the problem that says how many files are the new ones, which, and what is in the way."""
    new = [path for path, digest in journal.puts if _digest(output, path) == digest]
    gone = [path for path in journal.removals if not (output / path).exists()]
    names = ", ".join(encodable(f"{output.name}/{path}") for path in (*new, *gone)[:_NAMED])
    place = str(fault.filename2 or fault.filename or output)
    return problem(
        place,
        1,
        "half-published",
        reason=fault.strerror or str(fault),
        new=str(len(new)),
        puts=str(len(journal.puts)),
        gone=str(len(gone)),
        removals=str(len(journal.removals)),
        names=names + (", …" if len(new) + len(gone) > _NAMED else ""),
    )


def _digest(output: Path, path: str) -> str:
    """Return the digest of a file; empty if it is not there, or cannot be read."""
    try:
        return digest_of_bytes(moves.read(output, path) or b"")
    except OSError:
        return ""
