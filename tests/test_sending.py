"""Editions through a real mail server: who gets one, who gets it once, and what is said where somebody does not."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bulletin.editions.mail import Account, Post, Sending, message, record, send, send_test
from bulletin.editions.mail.sent import FILE
from bulletin.problems import BuildFailed
from tests.builders import VIETNAM, item
from tests.mail_servers import PASSWORD, USER, Inbox, authority, mail_server, trusting
from tests.sites import NOW, REPOSITORY, run, write

KILLS = int(os.environ.get("BULLETIN_SENDING_KILLS", "1"))
AT = datetime(2017, 1, 5, 8, 30, tzinfo=VIETNAM)
LAN, MAI, HUY = "Nguyễn Thị Lan <lan@b.vn>", "mai@b.vn", "huy@b.vn"
ALL = (LAN, MAI, HUY)
BODY = message.body("Bản tin – Tháng 12/2016", "Ban Truyền thông <tin@b.vn>", "Chào\n.\n", "<p>Chào</p>", [])


def account(inbox: Inbox, **keys: Any) -> Account:
    known: dict[str, Any] = {"host": "localhost", "port": inbox.port, "security": "none", "sender": "tin@b.vn"}
    return Account(**known | keys)


def post(inbox: Inbox, edition: str = "2016-12", **keys: Any) -> Post:
    return Post(edition=edition, body=BODY, account=account(inbox, **keys), clock=lambda: AT, context=trusting())


def sent(folder: Path, inbox: Inbox, to: Sequence[str] = ALL, *, again: bool = False, **keys: Any) -> Sending:
    with record(folder) as kept:
        return send(post(inbox, **keys), to, kept, again=again)


def fates(sending: Sending) -> list[tuple[str, str]]:
    return [(one.address, one.fate) for one in sending.deliveries]


# Who gets it


def test_each_address_gets_a_letter_of_its_own_that_names_nobody_else(tmp_path: Path) -> None:
    with mail_server() as inbox:
        sending = sent(tmp_path, inbox)
    assert sending.is_complete
    assert [addresses for _, addresses, _ in inbox.mails] == [("lan@b.vn",), ("mai@b.vn",), ("huy@b.vn",)]
    assert {sender for sender, _, _ in inbox.mails} == {"tin@b.vn"}
    for at, box in enumerate(ALL):
        letter = inbox.letter(at)
        assert str(letter["To"]) == box
        assert letter["Bcc"] is letter["Cc"] is letter["X-Unsent"] is None
        assert str(letter["From"]) == "Ban Truyền thông <tin@b.vn>"
        assert str(letter["Subject"]) == "Bản tin – Tháng 12/2016"
        assert letter["Date"].datetime == AT
        others = {other.rpartition("<")[2].rstrip(">") for other in ALL if other != box}
        assert not any(other.encode() in inbox.mails[at][2] for other in others)
        body = letter.get_body(("plain",))
        assert body is not None
        assert body.get_content().splitlines() == ["Chào", "."]
    assert len({inbox.letter(at)["Message-ID"] for at in range(3)}) == 3


def test_a_list_gets_an_edition_once_and_whoever_comes_later_gets_it_too(tmp_path: Path) -> None:
    with mail_server() as inbox:
        sent(tmp_path, inbox, [LAN, MAI])
        sending = sent(tmp_path, inbox, ["LAN@B.VN", MAI, HUY])
        assert fates(sending) == [("huy@b.vn", "sent")]
        assert sending.before == ("LAN@B.VN", "mai@b.vn")
        assert sent(tmp_path, inbox).deliveries == ()
        # Another edition is another mail.
        assert len(sent(tmp_path, inbox, edition="2016-12-hue").deliveries) == 3
    assert inbox.sessions == 3, "a run that has nothing to send asks no server"


def test_again_sends_it_to_all_once_more_and_what_fails_then_goes_on_without_it(tmp_path: Path) -> None:
    with mail_server() as inbox:
        sent(tmp_path, inbox)
        inbox.replies["mai@b.vn"] = "450 4.2.0 greylisted"
        assert fates(sent(tmp_path, inbox, again=True)) == [
            *(("lan@b.vn", "sent"), ("mai@b.vn", "postponed"), ("huy@b.vn", "sent")),
        ]
        assert fates(sent(tmp_path, inbox)) == [("mai@b.vn", "sent")]
    ids = [inbox.letter(at)["Message-ID"] for at in range(6)]
    assert len(set(ids)) == 6, "a server that drops copies must not drop this one"


def test_a_test_is_what_the_others_get_and_counts_for_nobody(tmp_path: Path) -> None:
    with mail_server() as inbox, record(tmp_path) as kept:
        tested = send_test(post(inbox), LAN, kept)
        assert fates(tested) == [("lan@b.vn", "sent")]
        assert fates(send(post(inbox), ALL, kept)) == [("lan@b.vn", "sent"), ("mai@b.vn", "sent"), ("huy@b.vn", "sent")]
    assert inbox.mails[0] == inbox.mails[1]


# In the middle


@pytest.mark.parametrize(
    ("reply", "fate"),
    [("550 5.1.1 no such user", "refused"), ("450 4.2.0 greylisted, come back", "postponed")],
)
@pytest.mark.parametrize("when", ["replies", "after_data"])
def test_one_address_that_is_not_taken_keeps_nobody_else_from_it(
    tmp_path: Path, reply: str, fate: str, when: str
) -> None:
    with mail_server() as inbox:
        getattr(inbox, when)["mai@b.vn"] = reply
        sending = sent(tmp_path, inbox)
        assert fates(sending) == [("lan@b.vn", "sent"), ("mai@b.vn", fate), ("huy@b.vn", "sent")]
        assert sending.deliveries[1].said == reply
        assert not sending.is_complete
        assert fates(sent(tmp_path, inbox)) == [("mai@b.vn", "sent")]
    assert sorted(inbox.addresses) == ["huy@b.vn", "lan@b.vn", "mai@b.vn"]


def test_a_server_that_ends_a_session_is_called_again(tmp_path: Path) -> None:
    people = [f"nguoi.{number}@b.vn" for number in range(7)]
    with mail_server() as inbox:
        inbox.most_of_session = 3
        assert sent(tmp_path, inbox, people).is_complete
        assert inbox.addresses == people
        assert inbox.sessions == 3


def test_many_addresses_go_in_lots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.editions.mail.sending.LOT", 2)
    told: list[tuple[str, int, int]] = []
    with mail_server() as inbox, record(tmp_path) as kept:
        one = Post(edition="a", body=BODY, account=account(inbox), clock=lambda: AT, tell=lambda *how: told.append(how))
        send(one, [f"a{number}@b.vn" for number in range(5)], kept)
    assert inbox.sessions == 3
    assert told == [("sending", number, 5) for number in range(5)]


@pytest.mark.parametrize("when", ["replies", "after_data"])
def test_a_server_that_goes_away_is_called_again_and_then_said_to_be_gone(tmp_path: Path, when: str) -> None:
    with mail_server() as inbox:
        getattr(inbox, when)["mai@b.vn"] = "gone"
        sending = sent(tmp_path, inbox)
        if when == "replies":
            assert sending.is_complete
            assert sorted(inbox.addresses) == ["huy@b.vn", "lan@b.vn", "mai@b.vn"]
        else:
            # The server had the whole mail: nobody knows what it has done with it.
            assert fates(sending) == [("lan@b.vn", "sent"), ("huy@b.vn", "sent")]
            assert (sending.doubtful, sending.trouble) == (("mai@b.vn",), None)
        inbox.replies |= {"a@b.vn": "!gone"}
        gone = sent(tmp_path, inbox, ["a@b.vn", "b@b.vn"])
        assert gone.trouble is not None
        assert gone.trouble.code == "mail-server-gone"
        assert gone.left == ("a@b.vn", "b@b.vn")
        inbox.replies.clear()
        assert fates(sent(tmp_path, inbox, ["a@b.vn", "b@b.vn"])) == [("a@b.vn", "sent"), ("b@b.vn", "sent")]


def test_what_may_have_arrived_is_not_sent_again_by_itself_and_a_test_settles_it(tmp_path: Path) -> None:
    with mail_server() as inbox:
        inbox.after_data["mai@b.vn"] = "gone after"
        assert sent(tmp_path, inbox).doubtful == ("mai@b.vn",)
        second = sent(tmp_path, inbox)
        assert (second.deliveries, second.doubtful) == ((), ("mai@b.vn",))
        assert not second.is_complete
        assert inbox.addresses.count("mai@b.vn") == 1
        with record(tmp_path) as kept:
            assert send_test(post(inbox), MAI, kept).is_complete
        assert sent(tmp_path, inbox).is_complete


def test_a_run_that_is_killed_while_a_mail_is_under_way_leaves_it_in_doubt(tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    with mail_server() as inbox, record(tmp_path) as kept:
        add = kept.add

        def dies(entry: Any) -> None:
            if (entry.address, entry.state) == ("mai@b.vn", "sent"):
                raise Killed
            add(entry)

        kept.add = dies  # type: ignore[method-assign]
        with pytest.raises(Killed):
            send(post(inbox), ALL, kept)
        assert inbox.addresses == ["lan@b.vn", "mai@b.vn"]
    with mail_server() as inbox:
        second = sent(tmp_path, inbox)
    assert inbox.addresses == ["huy@b.vn"]
    assert second.doubtful == ("mai@b.vn",)


def test_killed_at_any_mail_nobody_gets_two_and_who_may_have_it_is_named(tmp_path: Path) -> None:
    people = [f"nguoi.{number}@b.vn" for number in range(2 * KILLS + 1)]
    with mail_server() as inbox:
        root = company(tmp_path, inbox, people)
        command = [sys.executable, str(REPOSITORY / "build.py"), "edition", "2016-12", "--send", "--root", str(root)]
        killed = people[1::2]
        for victim in killed:
            process = subprocess.Popen([*command, "--as-of", NOW], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            inbox.seen = partial(_kill, process, victim)
            process.wait(60)
        inbox.seen = lambda _address: None
        last = run(root, "edition", "2016-12", "--send", "--format", "json")
        assert (last.code, last.json["sent"], last.json["doubtful"]) == (4, people[-1:], killed)
    # The server has taken each mail under way, though nobody was there to hear it.
    assert sorted(inbox.addresses) == sorted(people)


def _kill(process: subprocess.Popen[bytes], victim: str, address: str) -> None:
    if address == victim:
        process.kill()
        process.wait()


def test_a_line_of_the_record_that_was_cut_off_is_as_if_not_begun(tmp_path: Path) -> None:
    with mail_server() as inbox:
        sent(tmp_path, inbox, [LAN])
        whole = (tmp_path / FILE).read_bytes()
        for cut in range(1, len(whole.splitlines()[-1]) + 1):
            (tmp_path / FILE).write_bytes(whole[:-cut])
            with record(tmp_path) as kept:
                assert kept.standing("2016-12").states == {"lan@b.vn": "sending"}
        assert sent(tmp_path, inbox, [MAI]).is_complete
    assert (tmp_path / FILE).read_bytes().count(b"\n") == 3


def test_a_damaged_record_sends_to_nobody(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"edition": "2016-12"\n{}\n')
    with mail_server() as inbox:
        with pytest.raises(BuildFailed) as failed:
            sent(tmp_path, inbox)
        assert inbox.sessions == 0
    assert [found.code for found in failed.value.problems] == ["mail-record-damaged"]


# The way there


def test_starttls_and_login(tmp_path: Path) -> None:
    with mail_server(starttls=True, login=True) as inbox:
        assert sent(tmp_path, inbox, security="starttls", user=USER, password=PASSWORD).is_complete
        assert inbox.signed_in == [USER]


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    with mail_server(tls=True) as inbox:
        assert sent(tmp_path, inbox, security="tls").is_complete


TROUBLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "mail-login-refused": (
        {"starttls": True, "login": True},
        {"user": USER, "password": "sai", "security": "starttls"},
    ),
    "mail-no-login": ({}, {"user": USER, "password": PASSWORD}),
    "mail-no-starttls": ({}, {"security": "starttls"}),
    "mail-certificate": ({"starttls": True, "name": "khac.example"}, {"security": "starttls"}),
    "mail-tls": ({}, {"security": "tls"}),
    "mail-too-large": ({"size": 100}, {}),
}


@pytest.mark.parametrize("code", TROUBLES)
def test_what_keeps_a_server_from_taking_anything_is_said(tmp_path: Path, code: str) -> None:
    of_server, of_account = TROUBLES[code]
    with mail_server(**of_server) as inbox:
        sending = sent(tmp_path, inbox, **of_account)
        assert sending.trouble is not None
        assert (sending.trouble.code, sending.deliveries) == (code, ())
        assert sending.left == ("lan@b.vn", "mai@b.vn", "huy@b.vn")
        assert not inbox.mails
        assert PASSWORD not in sending.trouble.said


def test_a_certificate_of_an_authority_that_nobody_installed_is_not_trusted(tmp_path: Path) -> None:
    with mail_server(tls=True) as inbox, record(tmp_path) as kept:
        one = Post(edition="a", body=BODY, account=account(inbox, security="tls"), clock=lambda: AT)
        sending = send(one, ALL, kept)
    assert sending.trouble is not None
    assert sending.trouble.code == "mail-certificate"
    assert not inbox.mails


def test_a_server_that_is_not_there_and_one_that_is_none(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = listening.getsockname()[1]
    nobody = sent(tmp_path, Inbox(port=free))
    assert nobody.trouble is not None
    assert nobody.trouble.code == "mail-server-unreachable"
    assert sent(tmp_path, Inbox(port=free), [], again=True).is_complete


def test_a_login_is_not_repeated_where_anybody_could_read_it(tmp_path: Path) -> None:
    # Somebody on the way takes the offer of STARTTLS out of the server's greeting.
    with mail_server(login=True) as inbox:
        sending = sent(tmp_path, inbox, security="starttls", user=USER, password=PASSWORD)
    assert sending.trouble is not None
    assert sending.trouble.code == "mail-no-starttls"
    assert not inbox.signed_in


def test_two_runs_at_once_send_to_each_once(tmp_path: Path) -> None:
    from threading import Thread  # noqa: PLC0415 - one test needs it

    with mail_server() as inbox:
        threads = [Thread(target=sent, args=(tmp_path, inbox)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(inbox.addresses) == ["huy@b.vn", "lan@b.vn", "mai@b.vn"]


def test_the_date_of_a_letter_is_the_moment_it_is_sent(tmp_path: Path) -> None:
    moments = iter(AT + timedelta(minutes=number) for number in range(100))
    with mail_server() as inbox, record(tmp_path) as kept:
        one = Post(edition="a", body=BODY, account=account(inbox), clock=lambda: next(moments))
        send(one, [LAN, MAI], kept)
    assert inbox.letter(0)["Date"].datetime < inbox.letter(1)["Date"].datetime


# The command

NEWS: dict[str, str | bytes] = {"content/a.md": item(title="Ký kết", value="5 tỷ đồng")}


def company(root: Path, inbox: Inbox, recipients: Sequence[str] = ALL, **keys: Any) -> Path:
    """Return a site whose settings name this server."""
    table: dict[str, Any] = {"sender": "Ban Truyền thông <tin@b.vn>", "recipients": list(recipients)}
    table |= {"server": "localhost", "port": inbox.port, "security": "none"} | keys
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    head = '[tool.bulletin]\ntitle = "Bản tin"\nbase_url = "https://bantin.example/"\n[tool.bulletin.edition]\n'
    return write(root, {"pyproject.toml": head + "\n".join(lines) + "\n", **NEWS})


def test_a_test_and_then_all_and_nobody_twice(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        tested = run(root, "edition", "2016-12", "--test", "lan@b.vn", "--lang", "en")
        assert (tested.code, tested.err) == (0, "")
        assert tested.out == "sent «Bản tin – Tháng 12/2016» to lan@b.vn as a test; it counts for nobody as sent\n"
        ran = run(root, "edition", "2016-12", "--send")
        assert (ran.code, ran.out, ran.err) == (0, "đã gửi «Bản tin – Tháng 12/2016» cho 3 địa chỉ\n", "")
        write(root, {"content/a.md": item(title="Ký kết", value="6 tỷ đồng")})
        once_more = run(root, "edition", "2016-12", "--send", "--format", "json")
        assert once_more.code == 0
        assert (once_more.json["sent"], once_more.json["before"]) == ([], ["lan@b.vn", "mai@b.vn", "huy@b.vn"])
        assert len(inbox.mails) == 4
        assert run(root, "edition", "2016-12", "--send", "--again").code == 0
        assert len(inbox.mails) == 7
    assert not (root / "editions").exists()
    assert not (root / "output").exists()
    html = inbox.letter(0).get_body(("html",))
    assert html is not None
    assert "Ký kết" in html.get_content()


def test_what_was_sent_is_what_the_next_edition_corrects(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        assert run(root, "edition", "2016-12", "--send").code == 0
        note = "\n  - date: 2017-01-05\n    note: Là 6 tỷ đồng."
        changed = {"content/a.md": item(title="Ký kết", value="6 tỷ đồng", updated=note)}
        # Made anew, the files of December hold the right amount; readers have still been told the wrong one.
        write(root, changed)
        assert run(root, "edition", "2016-12").code == 0
        assert run(root, "edition", "2017-01", "--send").code == 0
    text = inbox.letter(3).get_body(("plain",))
    assert text is not None
    assert "Giá trị: 5 tỷ đồng → 6 tỷ đồng" in text.get_content().replace("\u00a0", " ")


def test_the_remedy_for_a_doubt_names_the_province(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox, [LAN])
        inbox.after_data["lan@b.vn"] = "gone after"
        ran = run(root, "edition", "2016-12", "--province", "Thái Nguyên", "--send")
    assert ran.code == 4
    assert 'edition 2016-12 --province "Thái Nguyên" --test lan@b.vn' in ran.err


def test_who_did_not_get_it_is_said_with_an_exit_code_of_its_own(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        inbox.replies |= {"lan@b.vn": "550 5.1.1 no such user", "mai@b.vn": "450 4.2.0 greylisted"}
        inbox.after_data["huy@b.vn"] = "gone after"
        ran = run(root, "edition", "2016-12", "--send", "--lang", "en")
        place = f"localhost:{inbox.port}: error: "
        assert ran.code == 4
        told = [line.partition(";")[0] for line in ran.err.splitlines()]
        assert told[:2] == [
            f"{place}the server does not take the mail for lan@b.vn: 550 5.1.1 no such user",
            f"{place}the server has not taken the mail for mai@b.vn yet: 450 4.2.0 greylisted",
        ]
        assert told[2].startswith(f"{place}it is not known whether huy@b.vn has it")
        assert ran.err.splitlines()[2].endswith("edition 2016-12 --test huy@b.vn [mail-in-doubt]")
        again = run(root, "edition", "2016-12", "--send", "--format", "json")
        assert again.code == 4
        assert (again.json["sent"], again.json["doubtful"]) == (["lan@b.vn", "mai@b.vn"], ["huy@b.vn"])
        assert run(root, "edition", "2016-12", "--test", "huy@b.vn").code == 0
        assert run(root, "edition", "2016-12", "--send").code == 0


def test_a_server_that_is_not_there_has_sent_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = listening.getsockname()[1]
    ran = run(company(tmp_path, Inbox(port=free)), "edition", "2016-12", "--send")
    assert ran.code == 4
    assert "không kết nối được với máy chủ thư" in ran.err
    assert "chưa gửi đến 3 địa chỉ: lan@b.vn, mai@b.vn, huy@b.vn" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("keys", "words", "code", "told"),
    [
        ({"sender": ""}, ("--send",), 1, "mail-setting-missing"),
        ({"recipients": []}, ("--send",), 1, "mail-setting-missing"),
        ({"server": ""}, ("--test", "a@b.vn"), 1, "mail-setting-missing"),
        ({"user": "tin", "security": "starttls"}, ("--send",), 2, "BULLETIN_SMTP_PASSWORD"),
        ({}, ("--test", "a@b.vn, c@d.vn"), 2, "không phải là một địa chỉ thư"),
        ({}, ("--test", "a@b.vn\r\nBcc: x@y.vn"), 2, "không phải là một địa chỉ thư"),
        ({}, ("--again",), 2, "--again"),
    ],
)
def test_nothing_is_sent_with_settings_or_words_that_are_wrong(
    tmp_path: Path, keys: dict[str, Any], words: tuple[str, ...], code: int, told: str
) -> None:
    with mail_server() as inbox:
        ran = run(company(tmp_path, inbox, **keys), "edition", "2016-12", *words)
        assert inbox.sessions == 0
    assert ran.code == code
    assert told in ran.err


def test_a_password_goes_to_no_machine_in_the_clear_but_to_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_SMTP_PASSWORD", PASSWORD)
    inbox = Inbox(port=9)
    ran = run(company(tmp_path, inbox, user=USER, server="mail.b.vn"), "edition", "2016-12", "--send")
    assert ran.code == 1
    assert "mail-in-clear" in ran.err
    ran = run(company(tmp_path, inbox, user=USER, security="none"), "edition", "2016-12", "--send")
    assert "mail-in-clear" not in ran.err
    monkeypatch.setenv("BULLETIN_SMTP_PASSWORD", "mật khẩu")
    assert run(company(tmp_path, inbox, user=USER), "edition", "2016-12", "--send").code == 2


def test_a_login_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_SMTP_PASSWORD", PASSWORD)
    authority().cert_pem.write_to_path(str(tmp_path / "root.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    with mail_server(starttls=True, login=True) as inbox:
        root = company(tmp_path / "site", inbox, user=USER, security="starttls")
        assert run(root, "edition", "2016-12", "--send").code == 0
    assert inbox.signed_in == [USER]
    assert len(inbox.mails) == 3


def test_a_month_without_news_is_sent_to_nobody(tmp_path: Path) -> None:
    with mail_server() as inbox:
        ran = run(company(tmp_path, inbox), "edition", "2016-11", "--send")
        assert inbox.sessions == 0
    assert ran.code == 1
    assert "mail-nothing-to-send" in ran.err


def test_a_site_that_opens_on_this_machine_alone_is_sent_to_nobody(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        here = ("--base-url", "http://localhost:8000/")
        ran = run(root, "edition", "2016-12", "--send", *here)
        assert (ran.code, inbox.sessions) == (1, 0)
        assert "edition-without-address" in ran.err
        assert run(root, "edition", "2016-12", "--test", "lan@b.vn", *here).code == 0


def test_a_period_that_goes_on_is_sent_with_a_word(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        ran = run(root, "edition", "2016-12", "--send", "--as-of", "2016-12-31T08:00")
        assert (ran.code, len(inbox.mails)) == (0, 3)
        assert "mail-period-goes-on" in ran.err
        assert "31/12/2016" in ran.err


def test_what_the_first_were_told_is_corrected_though_the_last_got_it_right(tmp_path: Path) -> None:
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        inbox.replies["huy@b.vn"] = "450 4.2.0 greylisted"
        assert run(root, "edition", "2016-12", "--send").code == 4
        write(root, {"content/a.md": item(title="Ký kết", value="6 tỷ đồng")})
        assert run(root, "edition", "2016-12", "--send").code == 0
        assert run(root, "edition", "2017-01", "--send").code == 0
    text = inbox.letter(3).get_body(("plain",))
    assert text is not None
    assert "Giá trị: 5 tỷ đồng → 6 tỷ đồng" in text.get_content().replace("\u00a0", " ")


@pytest.mark.parametrize(("answer", "count"), [("c", 3), ("", 0), ("k", 0)])
def test_at_a_terminal_it_is_asked_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, count: int
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("bulletin.commands.sending.can_ask", lambda: True)

    def typed(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", typed)
    with mail_server() as inbox:
        root = company(tmp_path, inbox)
        ran = run(root, "edition", "2016-12", "--send")
        assert len(inbox.mails) == count
        assert "sắp gửi «Bản tin – Tháng 12/2016» cho 3 địa chỉ" in ran.out
        assert ("chưa gửi gì" in ran.out) == (count == 0)
        if count:
            run(root, "edition", "2016-12", "--send")
        else:
            run(root, "edition", "2016-12", "--send", "--yes")
            assert len(inbox.mails) == 3
    assert len(asked) == 1, "where nobody is left to be sent to, nothing is asked"
