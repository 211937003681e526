"""A target on another machine: each release is a folder there, and the live one a link that is renamed into place.

    to/current                    -> releases/<time>    what the web server reads
    to/releases/<time>            a whole site; files that did not change are one with those of the release before
    to/releases/<time>.part       one that is on its way
    to/.ban-tin/                  the lock, the manifests of the releases, the kept sources: for nobody but the user

One connection holds the lock as long as it lasts, and makes every change that readers could see: whatever was on its
way when this process was killed is over before the next one gets the lock.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from shlex import quote
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from bulletin.digests import SIZE, digest_of_bytes
from bulletin.files import refuse_links_in
from bulletin.problems import BuildFailed, Problem, Unreachable, problem, refuse
from bulletin.publishing import KeptSources, Unreadable, locked
from bulletin.publishing.changes import Changes
from bulletin.targets import copying
from bulletin.targets.place import Put, altered
from bulletin.targets.release import Manifest, Release, read_manifest
from bulletin.targets.shell import Shell, lost, setting, shown
from bulletin.targets.target import Target
from bulletin.urls import Turn, turn_of

KEPT = 5
"""How many releases are kept: the live one and those that can be brought back."""
PATIENCE = 300
"""Seconds for which another publication is waited for."""
_SPARE = 1024
"""KiB: a disk with less room is full."""
_NAME = "%Y%m%dT%H%M%SZ"
_IS_NAME = re.compile("[0-9]{8}T[0-9]{6}Z")
_OTHERS, _BUSY, _CANNOT, _EMPTY = 3, 4, 5, 6
"""Exit codes of our scripts: the folder is another's; somebody publishes; a program is missing; nothing is there."""

_BEGIN = """
if [ ! -d "$base" ]; then
    [ -n "$may_write" ] || exit 6
    mkdir -- "$base" || exit 1
fi
cd -- "$base" || exit 1
if [ ! -d .ban-tin ]; then
    [ -z "$(ls -A .)" ] || exit 3
    [ -n "$may_write" ] || exit 6
    mkdir .ban-tin || exit 1
fi
chmod 700 .ban-tin && mkdir -p .ban-tin/manifests .ban-tin/kept/files releases || exit 1
command -v sha256sum > /dev/null || command -v shasum > /dev/null || exit 5
command -v rsync > /dev/null && echo rsync
exit 0
"""
_LOCK = """
cd -- "$base" && exec 9>> .ban-tin/lock
"""
_WAIT = """
if command -v flock > /dev/null; then
    flock -w "$patience" 9 || exit 4
else
    until mkdir .ban-tin/locked 2> /dev/null; do
        [ "$patience" -gt 0 ] || exit 4
        patience=$((patience - 1)); sleep 1
    done
fi
"""
_UNLOCK_AT_END = """
trap 'rmdir .ban-tin/locked 2> /dev/null' EXIT
"""
_LOOK = """
readlink current || echo
ls releases
"""
_MANIFEST = """
cat -- ".ban-tin/manifests/$name.json" 2> /dev/null || exit 0
"""
_DIGESTS = """
cd -- "releases/$name" || exit 1
if command -v sha256sum > /dev/null; then
    find . -type f -exec sha256sum {} +
else
    find . -type f -exec shasum -a 256 {} +
fi
"""
_DOUBLE = """
if [ -z "$live" ]; then
    mkdir -- "releases/$name.part"
elif ! cp -Rl -- "releases/$live" "releases/$name.part" 2> /dev/null; then
    rm -rf -- "releases/$name.part" && cp -Rp -- "releases/$live" "releases/$name.part"
fi
"""
_CARRY = """
cd releases || exit 1
for from in $releases; do
    [ -f "../.ban-tin/manifests/$from.assets" ] || continue
    while IFS= read -r path; do
        to="$name.part/$path"
        if [ -f "$from/$path" ] && [ ! -e "$to" ]; then
            mkdir -p -- "${to%/*}" && { ln -- "$from/$path" "$to" || cp -p -- "$from/$path" "$to"; } || exit 1
        fi
    done < "../.ban-tin/manifests/$from.assets"
done
"""
_FORGET = """
cd releases || exit 1
for one in $releases; do
    rm -rf -- "$one" || exit 1
    (cd ../.ban-tin/manifests && rm -f -- "$one.json" "$one.assets" "$one.number") || exit 1
done
rm -rf -- *.part ../current.new 2> /dev/null
exit 0
"""
_SWITCH = """
rm -f current.new && ln -s "releases/$name" current.new || exit 1
mv -T current.new current 2> /dev/null || mv -h current.new current
"""


class _Look(Struct, frozen=True, kw_only=True):
    """What stands over there: the live release (empty if there is none), all releases, whether rsync is there."""

    live: str
    releases: Sequence[str]

    @property
    def former(self) -> list[str]:
        """The releases that can be brought back, the newest first."""
        return sorted((name for name in self.releases if name < self.live), reverse=True)

    @property
    def undone(self) -> list[str]:
        """The releases that were taken back, or never went live."""
        return [name for name in self.releases if name > self.live]

    def next_name(self) -> str:
        """Return the name of a new release, which comes after all others whatever the clock says."""
        now = datetime.now(UTC).strftime(_NAME)
        last = max(self.releases, default="")
        if now > last:
            return now
        return (datetime.strptime(last, _NAME).replace(tzinfo=UTC) + timedelta(seconds=1)).strftime(_NAME)


class _There(NamedTuple):
    """A connection: whether rsync copies, and whether there is nothing yet, not even a folder that is ours."""

    shell: Shell
    has_rsync: bool
    is_empty: bool


class Remote:
    """A folder of another machine where readers are; `wait` is called while another publication is at work there."""

    def __init__(self, target: Target, wait: Callable[[], None]) -> None:
        assert target.ssh is not None
        self._target = target
        self._address = target.ssh
        self._base = target.ssh.folder
        self._wait = wait
        self._kept = KeptSources(folder=target.kept)
        """A copy of the sources that are kept over there."""

    @property
    def manifest(self) -> str:
        """See `Place`."""
        return f"{shown(self._address)}/.ban-tin/manifests/*.json"

    def finish(self) -> tuple[Problem, ...]:
        """See `Place`. A release goes live in one step, so nothing is left to be finished; but the folder is made."""
        with self._begun():
            return ()

    def standing(self) -> Release:
        """See `Place`."""
        with self._begun(may_write=False) as there:
            return self._standing(there, self._look(there))

    def put(self, after: Release, expected: str, manifest: Manifest) -> Put:
        """See `Place`."""
        with self._begun() as there:
            self._lock(there)
            look = self._look(there)
            before = self._standing(there, look)
            if before.version != expected:
                raise BuildFailed((problem(self._target.to, 1, "target-moved-on"),))
            known = before.manifest.files if before.manifest else {}
            found = self._digests(there, look.live) if look.live else {}
            changes = _changes(known, found, after.files)
            told = altered(self._target, [path for path, digest in known.items() if found.get(path) != digest])
            if changes.is_empty and before.sources.carried() == after.sources.carried():
                return Put(changes=changes, problems=told)
            name = look.next_name()
            with self._cleared(there):
                self._keep(there, after)
                self._send(there, after, changes, look.live, name)
            manifest = replace(manifest, sources=self._kept.standing(), seal=self._kept.seal())
            warnings = self._go_live(there, after, manifest, look, name)
            return Put(changes=changes, problems=(*told, *warnings))

    def undo(self) -> Put:
        """See `Place`."""
        with self._begun() as there:
            self._lock(there)
            look = self._look(there)
            if not look.live or not look.former:
                refuse("nothing-to-roll-back")
            name = look.former[0]
            now, then = (self._read_manifest(there, one) for one in (look.live, name))
            if then is None:
                refuse("record-refused", file=f"{name}.json", found="JSON")
            found = self._digests(there, name)
            told = altered(self._target, [path for path, digest in then.files.items() if found.get(path) != digest])
            there.shell.run(_script(_SWITCH, name=name))
            return Put(changes=_changes(now.files if now else {}, now.files if now else {}, then.files), problems=told)

    def history(self) -> Sequence[float]:
        """See `Place`."""
        with self._begun(may_write=False) as there:
            names = self._look(there).former
            return [datetime.strptime(name, _NAME).replace(tzinfo=UTC).timestamp() for name in names]

    @contextmanager
    def _begun(self, *, may_write: bool = True) -> Iterator[_There]:
        """Yield the connection, in the target's folder, which is ours. If there is none yet, it is made, if we may."""
        # Our copy of the kept sources is for one process at a time.
        with locked(self._target.kept.with_suffix(".lock"), self._wait), Shell(self._address) as shell:
            shell.run(setting("base", self._base), is_kept=True)
            code, said = shell.try_to(_script(_BEGIN, may_write="yes" if may_write else ""))
            if code == _EMPTY:
                yield _There(shell, has_rsync=False, is_empty=True)
                return
            if code == _OTHERS:
                raise BuildFailed((problem(self._target.to, 1, "target-not-ours"),))
            if code == _CANNOT:
                raise Unreachable((problem(self._target.to, 1, "ssh-without-digests", host=self._address.login),))
            if code:
                raise lost(self._address, shell.complaints())
            shell.run('cd -- "$base"', is_kept=True)
            has_rsync = b"rsync" in said.split() and shutil.which("rsync") is not None
            yield _There(shell, has_rsync=has_rsync, is_empty=False)

    def _lock(self, there: _There) -> None:
        """Have the shell hold the lock until it ends."""
        there.shell.run(_LOCK, is_kept=True)
        code, _ = there.shell.try_to(_script(_WAIT, patience="0"))
        if code == _BUSY:
            self._wait()
            code, _ = there.shell.try_to(_script(_WAIT, patience=str(PATIENCE)))
        if code == _BUSY:
            raise Unreachable((problem(self._target.to, 1, "target-busy", minutes=str(PATIENCE // 60)),))
        if code:
            raise lost(self._address, there.shell.complaints())
        there.shell.run(_UNLOCK_AT_END, is_kept=True)

    def _look(self, there: _There) -> _Look:
        if there.is_empty:
            return _Look(live="", releases=())
        link, *names = there.shell.run(_LOOK).decode(errors="replace").splitlines()
        live = link.removeprefix("releases/")
        releases = [name for name in names if _IS_NAME.fullmatch(name)]
        return _Look(live=live if live in releases else "", releases=releases)

    def _standing(self, there: _There, look: _Look) -> Release:
        """Return what is live."""
        manifest = self._read_manifest(there, look.live) if look.live else None
        self._copy_kept(there, manifest)
        return Release(
            sources=self._kept,
            site=self._target.staging,
            files=manifest.files if manifest else {},
            manifest=manifest,
            version=look.live,
        )

    def _read_manifest(self, there: _There, name: str) -> Manifest | None:
        return read_manifest(there.shell.run(_script(_MANIFEST, name=name)))

    def _digests(self, there: _There, name: str) -> dict[str, str]:
        """Return the digests of the files of a release, by path."""
        lines = filter(None, there.shell.run(_script(_DIGESTS, name=name)).split(b"\n"))
        return dict(map(_digest_of_line, lines))

    def _copy_kept(self, there: _There, manifest: Manifest | None) -> None:
        """Have our copy of the kept sources be those of a release; fetch them unless they are."""
        kept = self._kept
        kept.folder.mkdir(parents=True, exist_ok=True)
        refuse_links_in(*kept.folders)
        if manifest is None:
            kept.discard()
            return
        if not self._stand(manifest):
            kept.discard()
            from_ = f"{self._base}/.ban-tin/kept"
            if there.has_rsync:
                copying.fetch_by_rsync(self._address, from_, kept.folder)
            else:
                copying.fetch_packed(self._address, from_, kept.folder)
            self._stand(manifest)

    def _stand(self, manifest: Manifest) -> bool:
        """Let our copy stand as it was at a release; tell whether it is the same."""
        try:
            self._kept.stand(manifest.sources)
            return bool(manifest.seal) and self._kept.seal() == manifest.seal
        except Unreadable:
            return False

    @contextmanager
    def _cleared(self, there: _There) -> Iterator[None]:
        """Remove what a killed publication has left, since its room may be needed, and what a failed one leaves.

        A full disk is told by the room that is left: a copy may say only that it was cut off.
        """
        there.shell.run(_script(_FORGET, releases=""))
        try:
            yield
        except BuildFailed as failed:
            fields = there.shell.run("df -Pk .").splitlines()[-1].split()
            there.shell.run(_script(_FORGET, releases=""))
            if failed.problems[0].code == "ssh-lost" and int(fields[3]) < _SPARE:
                raise lost(self._address, "No space left on device") from failed
            raise

    def _keep(self, there: _There, after: Release) -> None:
        """Keep what a release is made from, over there as in our copy; that of older releases stays."""
        numbers = there.shell.run("cat .ban-tin/manifests/*.number 2> /dev/null || true").split()
        oldest = min((int(number) for number in numbers if number.isdigit()), default=self._kept.standing())
        self._kept.stand(self._kept.copy_from(after.sources, oldest))
        to = f"{self._base}/.ban-tin/kept"
        if there.has_rsync:
            copying.send_by_rsync(self._address, self._kept.folder, to, "-c", "--delete-after")
            return
        known = {*there.shell.run("ls .ban-tin/kept/files").decode().splitlines()}
        here = {path.name for path in self._kept.folders[1].glob("*")}
        files = [f"files/{name}" for name in sorted(here - known)]
        copying.send_packed(self._address, self._kept.folder, [*files, self._kept.database.name], to)

    def _send(
        self,
        there: _There,
        after: Release,
        changes: Changes,
        live: str,
        name: str,
    ) -> None:
        """Have a release there beside the live one, whole; raise BuildFailed if it is not what was prepared."""
        to = f"{self._base}/releases/{name}.part"
        if there.has_rsync:
            link = ("--link-dest", f"../{live}") if live else ()
            copying.send_by_rsync(self._address, after.site, to, "-c", "--chmod=D755,F644", *link)
        else:
            self._send_changes(there, after, changes, live, name)
        found = self._digests(there, f"{name}.part")
        wrong = [path for path, digest in after.files.items() if found.get(path) != digest]
        if wrong or len(found) != len(after.files):
            place = next(iter(wrong), "") or min(found.keys() - after.files.keys())
            raise BuildFailed((problem(place, 1, "staged-file-altered", found=str(after.site)),))

    def _send_changes(self, there: _There, after: Release, changes: Changes, live: str, name: str) -> None:
        """Make a release of the live one and the files that differ, for want of rsync."""
        there.shell.run(_script(_DOUBLE, live=live, name=name))
        part = f"{self._base}/releases/{name}.part"
        # A file is one with that of the live release: it is removed first, never written into.
        gone = [*changes.changed, *changes.removed, *self._carried(there, after, f"{name}.part")]
        lines = [f"rm -f -- {quote(path)}" for path in gone]
        there.shell.run("\n".join([setting("part", part), 'cd -- "$part" || exit 1', *lines, _EMPTY_FOLDERS]))
        copying.send_packed(self._address, after.site, [*changes.added, *changes.changed], part)

    def _carried(self, there: _There, after: Release, name: str) -> list[str]:
        """Return the files that the live release had for pages of older ones alone."""
        return [path for path in self._digests(there, name) if path not in after.files]

    def _go_live(
        self, there: _There, after: Release, manifest: Manifest, look: _Look, name: str
    ) -> tuple[Problem, ...]:
        """Have a release that is there whole take the place of the live one, and forget what nobody needs any more.

        Return a warning if that cannot be forgotten.
        """
        last = [*([look.live] if look.live else []), *look.former][: KEPT - 1]
        assets = "".join(f"{path}\n" for path in after.files if turn_of(path) is Turn.LEAF and "\n" not in path)
        there.shell.run(_script(_CARRY, name=name, releases=" ".join([*look.undone, *last])))
        for ending, text in (
            ("assets", assets),
            ("number", f"{manifest.sources}\n"),
            ("json", manifest.encoded().decode() + "\n"),
        ):
            there.shell.run(_written(f".ban-tin/manifests/{name}.{ending}", text))
        there.shell.run(_script('mv -- "releases/$name.part" "releases/$name"', name=name))
        # A release that was taken back would else come between this one and the one before.
        there.shell.run(_script(_FORGET, releases=" ".join(look.undone)))
        there.shell.run(_script(_SWITCH, name=name))
        # It is published: that an old release stays is only told.
        code, _ = there.shell.try_to(_script(_FORGET, releases=" ".join(look.former[KEPT - 2 :])))
        reason = (there.shell.complaints().strip().splitlines() or ["?"])[-1]
        return (problem(self._target.to, 1, "not-tidied", "warning", reason=reason),) if code else ()


_EMPTY_FOLDERS = r"find . -mindepth 1 -depth -type d -empty -exec rmdir {} \;"


def _digest_of_line(line: bytes) -> tuple[str, str]:
    """Return path and digest in a line of sha256sum, which begins with a backslash if signs of the path are escaped."""
    digest, _, path = line.removeprefix(b"\\").partition(b" ")
    if line.startswith(b"\\"):
        path = re.sub(rb"\\(.)", lambda sign: b"\n" if sign[1] == b"n" else sign[1], path)
    return path[1:].removeprefix(b"./").decode(errors="surrogateescape"), digest[: 2 * SIZE].decode()


def _script(text: str, **values: str) -> str:
    """Return a script with the values that it names."""
    return "\n".join([*(setting(name, value) for name, value in values.items()), text])


def _written(path: str, text: str) -> str:
    """Return the script that writes a file as a whole."""
    end = f"END-{digest_of_bytes(text.encode())}"
    return f"cat > {path}.new <<'{end}' && mv -- {path}.new {path}\n{text}{end}\n"


def _changes(known: Mapping[str, str], found: Mapping[str, str], wanted: Mapping[str, str]) -> Changes:
    """Return how what was `found` there differs from what is `wanted`; `known` were published."""
    return Changes(
        added=[path for path in wanted if path not in found],
        changed=[path for path in wanted if path in found and found[path] != wanted[path]],
        unchanged=[path for path in wanted if found.get(path) == wanted[path]],
        removed=sorted(known.keys() & found.keys() - wanted.keys()),
    )
