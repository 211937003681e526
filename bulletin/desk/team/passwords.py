"""A password -> what is kept of it: a digest by scrypt, with the parameters that made it."""

from __future__ import annotations

import hashlib
import hmac
import os

from msgspec import Struct

from bulletin.problems import refuse
from bulletin.vietnamese import nfc

MIN_LENGTH = 8
"""Characters; a length is what makes a password hard to guess."""
_MAX_LENGTH = 256
_N, _R, _P = 1 << 15, 8, 3
"""Cost, block size and rounds: 32 MiB and a quarter of a second a try (OWASP's list, 2025)."""
_MAX_MEMORY = 256 << 20


class Password(Struct, frozen=True, kw_only=True):
    """What is kept of a password, as hexadecimal digits, with the parameters of scrypt that it was made with."""

    salt: str
    digest: str
    n: int
    r: int
    p: int

    def fits(self, typed: str) -> bool:
        """Tell whether this is the password; a wrong one takes as long as the right one."""
        made = _digest(typed[:_MAX_LENGTH], bytes.fromhex(self.salt), self.n, self.r, self.p)
        return hmac.compare_digest(made, bytes.fromhex(self.digest))


def password_of(typed: str, name: str) -> Password:
    """Return what to keep of a new password; raise Refused for one that is soon guessed."""
    if not MIN_LENGTH <= len(typed) <= _MAX_LENGTH:
        refuse("password-length", least=str(MIN_LENGTH), most=str(_MAX_LENGTH))
    if typed.casefold() == name.casefold() or len(set(typed)) == 1:
        refuse("password-simple")
    salt = os.urandom(16)
    return Password(salt=salt.hex(), digest=_digest(typed, salt, _N, _R, _P).hex(), n=_N, r=_R, p=_P)


def _digest(typed: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    # Keyboards write the same Vietnamese letter in two ways.
    return hashlib.scrypt(nfc(typed).encode(), salt=salt, n=n, r=r, p=p, maxmem=_MAX_MEMORY)


NOBODY = Password(salt="00" * 16, digest="00" * 64, n=_N, r=_R, p=_P)
"""Fits no password. A name that nobody has is tried against it, so that the time of an answer tells no names."""
