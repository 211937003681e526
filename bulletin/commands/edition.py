"""`edition`: makes the e-mail, the PDF and the notice of a month, a week or some days."""

from __future__ import annotations

import sys
from functools import partial

from msgspec.structs import replace

from bulletin.build.reading import ReadSite, read_site
from bulletin.commands.calls import Answer, Call, request_of
from bulletin.commands.console import is_terminal
from bulletin.commands.progress import Progress
from bulletin.editions import EditionPeriod, forms, make, parse_period, readers
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, gathered, problem, refuse


def run(call: Call) -> Answer:
    """Make the edition and write its files, all or none; raise Refused for a period or a province that there is not."""
    if not (call.root / CONTENT).is_dir():
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    period = parse_period(call.options.period or refuse("edition-without-period", example=f"{call.now:%Y-%m}"))
    if call.options.again and not call.options.send:
        refuse("mail-again-alone")
    request = request_of(call)
    if call.options.base_url is None:
        request = replace(request, settings=readers.with_their_address(request.settings, call.root))
    if call.options.send or call.options.test:
        # 30 ms of smtplib and TLS that making files does without.
        from bulletin.commands.sending import send_edition  # noqa: PLC0415

        return send_edition(call, request, period)
    is_shown = is_terminal(sys.stderr) and call.options.format == "text" and not call.options.quiet
    with Progress(call.language, is_shown=is_shown) as progress:
        made = read_site(request, partial(_made, call=call, period=period), progress.tell)
    edition = made.making.edition
    folder = call.options.to or call.root / forms.FOLDER
    paths = [str(path) for path in forms.write(call.root, folder, made)] if made.files else []
    return Answer(
        data={
            "period": edition.name,
            "title": edition.title,
            "items": len(edition.items),
            "deals": edition.total.count,
            "corrections": len(edition.corrections),
            "files": paths,
        },
        lines=(*paths, f"{edition.title}: {forms.summary(edition, call.language)}"),
        problems=gathered(made.problems),
    )


def _made(site: ReadSite, call: Call, period: EditionPeriod) -> forms.MadeEdition:
    return forms.made(make(site, call.root, period, call.options.province or ""), site, call.options.sheet)
