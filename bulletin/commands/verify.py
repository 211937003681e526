"""`--verify`: checks that output/ holds what a fresh build makes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from bulletin.build import Request, build
from bulletin.files import read_regular, survey
from bulletin.problems import Problem, problem
from bulletin.publishing import Publisher


def verify(request: Request) -> tuple[Problem, ...]:
    """Return a problem for each file in which output/ differs from a fresh build in another folder."""
    with TemporaryDirectory(prefix="ban-tin-") as folder:
        fresh = Path(folder, "output")
        build(replace(request, output=fresh, keep_state=False, last_published=request.output))
        return tuple(
            problem(f"{request.output.name}/{path}", 1, "verify-differs", found=path)
            for path in sorted({*Publisher.beside(request.output).present(), *survey(fresh)})
            if read_regular(request.output / path) != read_regular(fresh / path)
        )
