"""An edition as an e-mail: its HTML, its plain text, the draft that people open; and how it is sent.

Writing one loads css-inline and Jinja, so whoever needs it imports this room late.
"""

from bulletin.editions.mail.sending import Delivery, Post, Sending, send, send_test
from bulletin.editions.mail.sent import record
from bulletin.editions.mail.smtp import Account, is_own_machine
from bulletin.editions.mail.writing import Mail, subject_of, write_mail

__all__ = [
    "Account",
    "Delivery",
    "Mail",
    "Post",
    "Sending",
    "is_own_machine",
    "record",
    "send",
    "send_test",
    "subject_of",
    "write_mail",
]
