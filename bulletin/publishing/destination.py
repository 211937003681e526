"""Checks that a folder may be published into: publishing removes everything in it that is not the bulletin's."""

from __future__ import annotations

from pathlib import Path

from bulletin.files import read_regular
from bulletin.problems import refuse
from bulletin.publishing.publish import Publisher
from bulletin.urls import NOT_FOUND, path_of

GENERATOR_MARK = b'<meta name="generator" content="ban-tin">'
"""Every page of ours contains it. In 404.html it shows that a folder is a copy of a bulletin and may be written to."""


def check_destination(output: Path, root: Path) -> None:
    """Refuse an output folder that holds the site's sources or lies among them, and one that holds foreign files.

    Publishing removes everything in the folder that does not belong to the bulletin.
    """
    real = output.resolve()
    for source in (root, root / "content", root / "templates"):
        if source.resolve().is_relative_to(real) or (source != root and real.is_relative_to(source.resolve())):
            refuse("output-holds-the-site", found=str(output))
    if output.exists() and not output.is_dir():
        refuse("output-not-a-folder", found=str(output))
    if holds_other_files(output):
        refuse("output-not-ours", found=str(output))


def holds_other_files(output: Path) -> bool:
    """Tell whether a folder holds files and we have never published into it."""
    # A folder that we published into has a marked workshop beside it; a copy of such a folder has only our 404.html.
    is_ours = Publisher.beside(output).mark.exists() or GENERATOR_MARK in (
        read_regular(output / path_of(NOT_FOUND)) or b""
    )
    # Hidden files at its top (`.git`, `.htaccess`) belong to the folder's owner, and publishing leaves them alone.
    return output.is_dir() and not is_ours and not all(entry.name.startswith(".") for entry in output.iterdir())
