"""A mail as its bytes (RFC 5322, 2045 to 2047): the draft that people open, and the letter to one address.

Written by hand, since what Python's `email` writes differs from version to version, and it loses blanks between long
words of Vietnamese. The body is the same in all copies; its boundaries come from its content.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime

from msgspec import Struct

from bulletin.digests import digest_of, digest_of_bytes
from bulletin.settings import mailboxes

NOWHERE = "ban-tin.invalid"
"""Behind the @ of an id where no sender is known: a name that nobody can have."""
WIDTH = 78
"""Characters of a line in the head of a mail."""
_ENCODED_BYTES = 39
"""Bytes of text in one encoded word: it fits into the line behind the name of any header here."""
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]+")


class Inline(Struct, frozen=True, kw_only=True):
    """A picture in the mail: the HTML names it as `cid:` and its id."""

    id: str
    jpeg: bytes


class Body(Struct, frozen=True, kw_only=True):
    """What all copies of a mail have in common: subject, sender and, as bytes, the MIME entity with its headers."""

    subject: str
    sender: str
    """A mailbox; empty if the settings name none."""
    entity: bytes
    digest: str

    def draft(self) -> bytes:
        """Return the .eml: `X-Unsent` has Outlook open it as a mail to be sent. Who gets it is for people to say.

        The program that sends it sets Date and Message-ID.
        """
        return self._with({"X-Unsent": "1"})

    def letter(self, to: str, at: datetime, round_number: int) -> bytes:
        """Return the mail to one mailbox.

        The same edition to the same address has the same Message-ID: servers know a second copy by it. Answering
        machines are asked to be silent, or two hundred would tell the sender who is on leave.
        """
        domain = mailboxes.address_of(self.sender).rpartition("@")[2] or NOWHERE
        number = digest_of(self.digest, mailboxes.address_of(to).casefold(), round_number)
        return self._with(
            {
                "To": phrase(to, len("To: ")),
                "Date": format_datetime(at),
                "Message-ID": f"<{number}@{domain}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "OOF, AutoReply",
            }
        )

    def _with(self, others: dict[str, str]) -> bytes:
        headers = {"Subject": words(self.subject, len("Subject: "))}
        if self.sender:
            headers["From"] = phrase(self.sender, len("From: "))
        return _headers({**headers, **others, "MIME-Version": "1.0"}) + self.entity


def body(subject: str, sender: str, text: str, html: str, pictures: Sequence[Inline]) -> Body:
    """Return the body of a mail: plain text and, for programs that show it, HTML with its pictures."""
    digest = digest_of(subject, sender, text, html, [digest_of_bytes(picture.jpeg) for picture in pictures])
    shown = _text("html", html)
    if pictures:
        shown = _multipart("related", f"=_{digest[:24]}_2", [shown, *map(_picture, pictures)])
    entity = _multipart("alternative", f"=_{digest[:24]}_1", [_text("plain", text), shown])
    return Body(subject=subject, sender=sender, entity=entity, digest=digest)


def words(text: str, taken: int) -> str:
    """Return text as a header holds it, folded; `taken` is what the header's name takes of the first line."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable() and "=?" not in line and max(map(len, line.split()), default=0) < WIDTH:
        return _folded(line.split(" "), taken)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in _parts(line))


def phrase(mailbox: str, taken: int) -> str:
    """Return a mailbox as a header holds it, folded."""
    name, address = mailboxes.name_of(mailbox), mailboxes.address_of(mailbox)
    if not name:
        return address
    if _ATOMS.fullmatch(name) or not name.isascii() or "=?" in name or taken + len(name) > WIDTH - 20:
        shown = words(name, taken)
    else:
        shown = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", name))
    last = shown.rpartition("\r\n")[2]
    return f"{shown}\r\n <{address}>" if taken + len(last) + len(address) > WIDTH - 3 else f"{shown} <{address}>"


def _folded(parts: Sequence[str], taken: int) -> str:
    lines, width = [parts[0]], taken + len(parts[0])
    for part in parts[1:]:
        if width + 1 + len(part) > WIDTH:
            lines.append(part)
            width = 1 + len(part)
        else:
            lines[-1] += f" {part}"
            width += 1 + len(part)
    return "\r\n ".join(lines)


def _parts(line: str) -> Iterator[bytes]:
    """Yield UTF-8 in parts that hold whole characters each: a program decodes an encoded word by itself."""
    part = b""
    for sign in line:
        data = sign.encode()
        if len(part) + len(data) > _ENCODED_BYTES:
            yield part
            part = b""
        part += data
    yield part


def _headers(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")


def _entity(headers: dict[str, str], data: bytes) -> bytes:
    return _headers(headers) + b"\r\n" + data


def _text(kind: str, text: str) -> bytes:
    # Bare line ends first, or the encoder would take those of its own lines for the text's.
    encoded = b2a_qp(text.replace("\r\n", "\n").encode(), istext=True).replace(b"\n", b"\r\n")
    headers = {"Content-Type": f"text/{kind}; charset=utf-8", "Content-Transfer-Encoding": "quoted-printable"}
    return _entity(headers, encoded)


def _picture(picture: Inline) -> bytes:
    name = f"{picture.id.partition('@')[0]}.jpg"
    headers = {
        "Content-Type": f'image/jpeg; name="{name}"',
        "Content-Transfer-Encoding": "base64",
        "Content-ID": f"<{picture.id}>",
        "Content-Disposition": f'inline; filename="{name}"',
    }
    return _entity(headers, encodebytes(picture.jpeg).replace(b"\n", b"\r\n"))


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    # RFC 2387 wants the type of the part that is shown; programs that leave it out show pictures as attachments.
    of_first = '; type="text/html"' if kind == "related" else ""
    headers = {"Content-Type": f'multipart/{kind}{of_first};\r\n boundary="{boundary}"'}
    joined = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return _entity(headers, joined + b"--%s--\r\n" % boundary.encode())
