"""Where a publication is to go: a target of the settings, or output/ if the settings name none."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bulletin.problems import refuse
from bulletin.settings import Settings
from bulletin.settings.ssh_address import SCHEME, SshAddress, read

OUTPUT = "output"


class Target(Struct, frozen=True, kw_only=True):
    """A place where readers are; `name` is empty for output/, which no settings name."""

    root: Path
    """The site's folder."""
    name: str
    to: str
    base_url: str
    max_removed: int | None = None
    """The number of pages that one publication may remove unasked; None for the usual one."""

    @property
    def ssh(self) -> SshAddress | None:
        """Where it lies on another machine; None if it is a folder."""
        return read(self.to) if self.to.startswith(SCHEME) else None

    @property
    def folder(self) -> Path:
        """The folder, or the share, that it is."""
        return self.root / self.to

    @property
    def staging(self) -> Path:
        """The folder into which it is built, before anything is put where readers are."""
        return self.root / ".cache/publish" / (self.name or OUTPUT)

    @property
    def kept(self) -> Path:
        """Our copy of the sources that are kept on another machine."""
        return self.staging.parent / f".{self.staging.name}.kept"

    @property
    def known_as(self) -> Path:
        """The folder under whose name the state of builds knows what was published there."""
        return self.kept if self.ssh else self.folder

    def settings(self, known: Settings) -> Settings:
        """Return the settings with which it is built."""
        return replace(known, base_url=self.base_url)


def target_of(known: Settings, root: Path, name: str = "", output: Path | None = None) -> Target:
    """Return the target of a name; without a name the only one, or `output` if the settings have none.

    Raise Refused if there is no such target, or if several could be meant.
    """
    by_name = {one.name: one for one in known.targets}
    names = ", ".join(by_name)
    if not name and len(by_name) > 1:
        refuse("target-needed", known=names)
    if name and name not in by_name:
        refuse("target-unknown", found=name, known=names)
    if not by_name:
        return Target(root=root, name="", to=str(output or OUTPUT), base_url=known.base_url)
    found = by_name[name or next(iter(by_name))]
    return Target(
        root=root,
        name=found.name,
        to=found.to,
        base_url=found.base_url or known.base_url,
        max_removed=found.max_removed,
    )
