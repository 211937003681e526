"""Whether a folder may be published into: everything in it that is not the bulletin's will be taken out."""

from __future__ import annotations

from pathlib import Path

from bulletin.files import read_regular
from bulletin.problems import refuse
from bulletin.publishing.publish import Publisher
from bulletin.urls import NOT_FOUND, path_of

GENERATOR = b'<meta name="generator" content="ban-tin">'
"""Stands in our pages; in 404.html it tells that a folder is a copy of a bulletin and may be written to."""


def check_place(output: Path, root: Path) -> None:
    """Refuse an output folder that would take the site itself along, or one that holds other things.

    All that does not belong to the bulletin is removed from it.
    """
    here = output.resolve()
    for source in (root, root / "content", root / "templates"):
        if source.resolve().is_relative_to(here) or (source != root and here.is_relative_to(source.resolve())):
            refuse("output-holds-the-site", found=str(output))
    if output.exists() and not output.is_dir():
        refuse("output-not-a-folder", found=str(output))
    # A folder that a bulletin was published into has its marked workshop beside it; a copy of one has our 404.html.
    is_ours = Publisher.beside(output).mark.exists() or GENERATOR in (read_regular(output / path_of(NOT_FOUND)) or b"")
    # Hidden files at its top (`.git`, `.htaccess`) are its keeper's and are left alone.
    if output.is_dir() and not is_ours and not all(entry.name.startswith(".") for entry in output.iterdir()):
        refuse("output-not-ours", found=str(output))
