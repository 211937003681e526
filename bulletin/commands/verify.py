"""`--verify`: whether output/ holds what a fresh build makes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from bulletin.build import Request, build
from bulletin.files import read_regular, survey
from bulletin.problems import Problem, problem
from bulletin.publishing import Publisher


def verify(request: Request) -> tuple[Problem, ...]:
    """Return a problem for each file of output/ that a fresh build in another folder would make otherwise."""
    with TemporaryDirectory(prefix="ban-tin-") as folder:
        elsewhere = Path(folder, "output")
        build(replace(request, output=elsewhere, keep_state=False))
        return tuple(
            problem(f"{request.output.name}/{path}", 1, "verify-differs", found=path)
            for path in sorted({*Publisher.beside(request.output).present(), *survey(elsewhere)})
            if read_regular(request.output / path) != read_regular(elsewhere / path)
        )
