"""`serve`: runs the preview until it is ended, and prints on the terminal where it is and what it has built."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timezone

from bulletin.build import Report, cores
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import put
from bulletin.commands.report import count, seconds
from bulletin.desk import Desk, Team, routes
from bulletin.files import refuse_links, unwritable
from bulletin.preview import LOOPBACK, PROOF, Access, Entrance, Preview, Proxy, open_browser, serve
from bulletin.problems import Problem, errors, refuse, say, show
from bulletin.publishing import holds_other_files

SECRET = "BULLETIN_PROXY_SECRET"  # noqa: S105 - the name of a variable
"""The environment variable with the secret that the server in front shares with this one."""
_SECRET_LENGTH = 16


def run(call: Call) -> Answer:
    """Serve the preview until Ctrl-C; raise Refused for a port, an address or a folder that cannot be used."""
    options = call.options
    began = datetime.now(UTC)

    def clock(zone: timezone) -> datetime:
        return call.now.astimezone(zone) + (datetime.now(UTC) - began)

    access = Access(options.host or LOOPBACK[0], options.port, _proxy(call.settings.desk.proxy))
    team = Team(call.root, access, call.settings, lambda fault: _tell_of_log(fault, call))
    if access.is_open and not team.users.all():
        # Whoever reaches the network would read every draft.
        refuse("desk-no-users", host=access.host)
    console = _Console(call, access)
    preview = Preview(call.root, clock, language=call.language, jobs=options.jobs or cores())
    refuse_links(preview.output.parent, preview.output)
    if holds_other_files(preview.output):
        refuse("preview-not-ours", found=str(preview.output))
    desk = Desk(preview, team.log, call.language)
    if found := desk.trouble():
        # Items can still be looked at; the pages of the desk say so as well.
        put(show(found, call.language), sys.stderr)
    else:
        desk.tidy(call.settings.desk.keep_versions)
    entrance = Entrance(access=access, gate=team.gate, secret=team.sessions.secret)
    serve(preview, entrance, console.rebuilt, lambda builds: routes(desk, team, builds))
    return Answer(lines=(say("preview-ended", call.language),))


def _proxy(address: str) -> Proxy | None:
    """Return the server in front, with the secret that the environment tells; raise Refused if it tells none."""
    if not address:
        return None
    secret = os.environ.get(SECRET, "")
    if len(secret) < _SECRET_LENGTH:
        refuse("proxy-secret", name=SECRET, header=PROOF, least=str(_SECRET_LENGTH))
    return Proxy(address, secret)


def _tell_of_log(fault: OSError, call: Call) -> None:
    put(show(unwritable(fault, call.root), call.language), sys.stderr)


class _Console:
    """Prints what a person at the terminal needs to know about the preview."""

    def __init__(self, call: Call, access: Access) -> None:
        self._call = call
        self._access = access
        self._reported: frozenset[Problem] = frozenset()
        self._has_failed = False
        self._is_first = True
        if access.is_open:
            put(say("preview-open-to-all", call.language, host=access.host), sys.stderr)
        self._print(say("preview-starts", call.language))

    def rebuilt(self, report: Report) -> None:
        """Print what a build did, after the first one also the address; only a failed build repeats known problems."""
        known = self._reported if report.published else frozenset()
        for problem in report.problems:
            if problem not in known:
                put(show(problem, self._call.language), sys.stderr)
        self._reported = frozenset(report.problems)
        for line in self._lines(report):
            self._print(line)
        if self._is_first and not self._call.options.no_open:
            open_browser(self._access.address)
        self._is_first, self._has_failed = False, not report.published

    def _lines(self, report: Report) -> Iterator[str]:
        language = self._call.language
        changes = report.changes
        clock = f"{datetime.now(UTC).astimezone():%H:%M:%S}"
        if not report.published:
            error_count = sum(1 for _ in errors(report.problems))
            yield say("preview-stays", language, clock=clock, errors=count(error_count, language))
        elif self._has_failed or not changes.is_empty:
            pages = count(len(changes.added) + len(changes.changed) + len(changes.removed), language)
            yield say("preview-rebuilt", language, clock=clock, seconds=seconds(report.seconds, language), pages=pages)
        if self._is_first:
            yield say("preview-where", language, address=self._access.address)

    def _print(self, line: str) -> None:
        if not self._call.options.quiet:
            put(line, sys.stdout)
