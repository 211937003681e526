"""`edition --send` and `--test`: an edition goes out through the company's mail server, and who got it is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from msgspec.structs import replace

from bulletin.build import Request
from bulletin.build.reading import ReadSite, read_site
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import is_terminal, put
from bulletin.commands.progress import Progress
from bulletin.commands.prompts import Dialog, can_ask
from bulletin.editions import Edition, EditionPeriod, Making, make, memory
from bulletin.editions.mail import (
    Account,
    Mail,
    Post,
    Sending,
    Standing,
    is_own_machine,
    owed,
    record,
    send,
    send_test,
    write_mail,
)
from bulletin.problems import BuildFailed, Problem, gathered, problem, refuse, say, show
from bulletin.settings import FILE, Settings, mailbox, mailboxes
from bulletin.vietnamese import dates

PASSWORD = "BULLETIN_SMTP_PASSWORD"  # noqa: S105 - the name of a variable


def send_edition(call: Call, request: Request, period: EditionPeriod) -> Answer:
    """Make the mail of an edition and send it to its recipients, or to one mailbox as a test; return who got it.

    No files are written. Raise BuildFailed for content or settings that need mending, Refused for a mailbox or a
    password that cannot be.
    """
    options = call.options
    tested = mailbox("--test", options.test) if options.test else ""
    account = _account(call, needs_recipients=not tested)
    is_shown = is_terminal(sys.stderr) and options.format == "text" and not options.quiet
    with Progress(call.language, is_shown=is_shown) as progress:
        making, mail = read_site(request, partial(_made, call=call, period=period), progress.tell)
        edition = making.edition
        warnings = gathered((*making.problems, *_cautions(making.edition, call, is_test=bool(tested))))
        post = Post(
            edition=edition.name,
            body=mail.body,
            account=account,
            clock=lambda: datetime.now(UTC).astimezone(call.settings.zone),
            tell=progress.tell,
        )
        with record(memory.folder(call.root)) as kept:
            if tested:
                sending = send_test(post, tested, kept)
            elif _is_meant(call, mail, kept.standing(edition.name), warnings):
                sending = send(post, call.settings.edition.recipients, kept, again=options.again)
            else:
                return Answer(lines=(say("mail-not-sent", call.language),))
    if not tested and (sending.of("sent") or sending.before):
        # What the first of them were told is what the next edition corrects, also if others got a later version.
        memory.remember(call.root, edition, making.told, sent=True, again=options.again)
    answer = _answer(sending, post, call, is_test=bool(tested))
    return replace(answer, problems=(*warnings, *answer.problems))


def _made(site: ReadSite, call: Call, period: EditionPeriod) -> tuple[Making, Mail]:
    making = make(site, call.root, period, call.options.province or "")
    return making, write_mail(making.edition, call.settings.edition, site.renderer, site.pictures.jpeg)


def _cautions(edition: Edition, call: Call, *, is_test: bool) -> Iterator[Problem]:
    """Yield what whoever sends this edition should know; raise BuildFailed for one that nobody wants to get."""
    if is_test:
        return
    if edition.is_empty:
        raise BuildFailed((problem(edition.name, 1, "mail-nothing-to-send"),))
    if edition.base_url == Settings().base_url:
        raise BuildFailed((problem(FILE, 1, "edition-without-address", found=edition.base_url),))
    if edition.period.last >= call.now.date():
        yield problem(edition.name, 1, "mail-period-goes-on", "warning", last=dates.short(edition.period.last))


def _is_meant(call: Call, mail: Mail, standing: Standing, warnings: Iterable[Problem]) -> bool:
    """Ask whoever sits at the terminal: a mail to two hundred people cannot be called back."""
    recipients = call.settings.edition.recipients
    count = len(recipients if call.options.again else owed(recipients, standing))
    if not count or call.options.yes or not can_ask():
        return True
    for warning in warnings:
        put(show(warning, call.language), sys.stderr)
    put(say("mail-about", call.language, subject=mail.body.subject, count=str(count)), sys.stdout)
    return Dialog(call.language, is_open=True).agrees("ask-send")


def _account(call: Call, *, needs_recipients: bool) -> Account:
    """Return the account that the settings describe, with the password of the environment."""
    known = call.settings.edition
    needed = {"sender": known.sender, "server": known.server}
    if needs_recipients:
        needed["recipients"] = "".join(known.recipients)
    if missing := [key for key, value in needed.items() if not value]:
        raise BuildFailed(tuple(problem(FILE, 1, "mail-setting-missing", key=key) for key in missing))
    password = os.environ.get(PASSWORD, "") if known.user else ""
    if known.user and not password:
        refuse("mail-no-password", user=known.user)
    if known.user and known.security == "none" and not is_own_machine(known.server):
        raise BuildFailed((problem(FILE, 1, "mail-in-clear"),))
    if not (known.user + password).isascii():
        refuse("mail-login-letters")
    return Account(
        host=known.server,
        port=known.port,
        security=known.security,
        user=known.user,
        password=password,
        sender=mailboxes.address_of(known.sender),
    )


def _answer(sending: Sending, post: Post, call: Call, *, is_test: bool) -> Answer:
    language, subject = call.language, post.body.subject
    sent = sending.of("sent")
    lines: list[str] = []
    if is_test and sent:
        lines.append(say("mail-tested", language, subject=subject, address=sent[0].address))
    elif sent:
        lines.append(say("mail-sent", language, subject=subject, count=str(len(sent))))
    if sending.before:
        lines.append(say("mail-sent-before", language, count=str(len(sending.before))))
    data = {
        "edition": post.edition,
        "subject": subject,
        "sent": [one.address for one in sent],
        "before": sending.before,
        "refused": [{"address": one.address, "said": one.said} for one in sending.of("refused")],
        "postponed": [{"address": one.address, "said": one.said} for one in sending.of("postponed")],
        "doubtful": sending.doubtful,
        "left": sending.left,
    }
    problems = (*_problems(sending, post.account), *_doubts(sending, post.account, call))
    return Answer(data=data, lines=tuple(lines), problems=problems, is_unreachable=not sending.is_complete)


def _problems(sending: Sending, account: Account) -> Iterator[Problem]:
    host, port = account.place
    if trouble := sending.trouble:
        yield problem(host, port, trouble.code, said=trouble.said)
    for one in sending.of("refused"):
        yield problem(host, port, "mail-address-refused", address=one.address, said=one.said)
    for one in sending.of("postponed"):
        yield problem(host, port, "mail-address-postponed", address=one.address, said=one.said)
    if sending.left:
        addresses = ", ".join(sending.left)
        yield problem(host, port, "mail-left", count=str(len(sending.left)), addresses=addresses)


def _doubts(sending: Sending, account: Account, call: Call) -> Iterator[Problem]:
    host, port = account.place
    period = call.options.period or ""
    if call.options.province:
        period += f' --province "{call.options.province}"'
    for address in sending.doubtful:
        yield problem(host, port, "mail-in-doubt", address=address, period=period)
