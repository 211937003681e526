"""`--verify`: whether output/ holds what a fresh build makes."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from bulletin.files import read_regular, survey
from bulletin.pipeline import Request, build, temporary_folder
from bulletin.problems import Problem, problem
from bulletin.publish import Workshop


def verify(request: Request) -> tuple[Problem, ...]:
    """Return a problem for each file of output/ that a fresh build in another folder would make otherwise."""
    with temporary_folder() as folder:
        elsewhere = Path(folder, "output")
        build(replace(request, output=elsewhere, keep_state=False))
        return tuple(
            problem(f"{request.output.name}/{path}", 1, "verify-differs", found=path)
            for path in sorted({*Workshop.beside(request.output).standing(), *survey(elsewhere)})
            if read_regular(request.output / path) != read_regular(elsewhere / path)
        )
