"""The desk's addresses for editions: the page on which they are made, and their forms."""

from __future__ import annotations

from asyncio import get_running_loop
from functools import partial
from pathlib import Path

from tornado import web

from bulletin.desk import exchange
from bulletin.desk.answering import Handler
from bulletin.editions import PAPERS, Paper
from bulletin.problems import BuildFailed, Refused


class EditionsHandler(Handler):
    """The page on which editions are made: each form is shown before anything is written."""

    async def get(self) -> None:
        period, province = self.get_query_argument("ky", ""), self.get_query_argument("tinh", "")
        paper: Paper = "A3" if self.get_query_argument("giay", "") == "A3" else "A4"
        rows = await self.done(self.desk.rows)
        made, problems = None, []
        if period:
            try:
                # Not where the builds are: many pages take seconds, and others go on writing meanwhile.
                work = partial(self.desk.editions.make, period, province, paper)
                made = await get_running_loop().run_in_executor(None, work)
            except (Refused, BuildFailed, OSError) as fault:
                problems = self.desk.failure(fault).problems
        self.show(
            "editions.html",
            asked={"period": period, "province": province, "paper": paper},
            made=made,
            problems=problems,
            papers=PAPERS,
            places=exchange.places({one for row in rows for one in row.place_ids}, self.desk.settings.nationwide_name),
            months=sorted({f"{row.order:%Y-%m}" for row in rows if row.day}, reverse=True),
        )


class EditionFileHandler(Handler):
    """A form of an edition, to be looked at or, with `tai`, to be saved."""

    def get(self, token: str, name: str) -> None:
        data, kind = self.desk.editions.file(token, name), Path(name).suffix
        if data is None or kind not in _KINDS_OF_EDITION:
            raise web.HTTPError(404)
        self.set_header("Content-Type", _KINDS_OF_EDITION[kind])
        # The e-mail has its styles and pictures in itself; a script has no business in any form.
        self.set_header("Content-Security-Policy", _POLICY_OF_MAIL if kind == ".html" else _POLICY_OF_FILES)
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        if kind == ".eml" or self.get_query_argument("tai", ""):
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(data)


_KINDS_OF_EDITION = {
    ".eml": "message/rfc822",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
}
_POLICY_OF_FILES = "frame-ancestors 'self'"
_POLICY_OF_MAIL = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {_POLICY_OF_FILES}"
