"""An edition as an e-mail: its HTML, its plain text, the draft that people open; and how it is sent.

Writing one loads css-inline and Jinja, so whoever needs it imports this room late.
"""

from bulletin.editions.mail.sending import Post, Sending, owed, send, send_test
from bulletin.editions.mail.sent import Standing, record
from bulletin.editions.mail.smtp import Account, is_own_machine
from bulletin.editions.mail.writing import Mail, write_mail

__all__ = [
    "Account",
    "Mail",
    "Post",
    "Sending",
    "Standing",
    "is_own_machine",
    "owed",
    "record",
    "send",
    "send_test",
    "write_mail",
]
