"""What a measurement needs to know of a generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.items import News


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """A generator and its site, whose files stand in bench/sites/<name>/."""

    name: str
    install: Callable[[], None]
    """Called once, before all else."""
    version: Callable[[], str]
    furnish: Callable[[Path], None]
    """Puts into a site what does not stand in bench/sites/."""
    command: Callable[[Path], list[str]]
    """Builds the site; runs in its folder."""
    items: str
    """Folder of the items in the site."""
    header: Callable[[News], str]
    """The item's header in the generator's own form; the body follows as it is."""
    template: str
    """File in the site of the template that all pages share; its `</body>` is edited."""
    output: str
    """Folder in the site of the built pages."""
