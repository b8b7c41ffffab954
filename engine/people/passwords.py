"""Passwords: hashed with Argon2id (RFC 9106), and what a password may be (NIST SP 800-63B: length and known
ones, no rules of composition).
"""

from functools import lru_cache
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid
from engine.text import Text

SHORTEST, LONGEST = 8, 128
#: Each hashing takes 46 MiB for a moment: a rush of sign-ins must wait instead of exhausting the machine.
_AT_ONCE = BoundedSemaphore(4)
_HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
#: Those tried first, beside the login itself.
_KNOWN = frozenset(
    {
        "12345678",
        "123456789",
        "1234567890",
        "11111111",
        "00000000",
        "88888888",
        "66666666",
        "87654321",
        "password",
        "password1",
        "qwertyui",
        "qwer1234",
        "1q2w3e4r",
        "abc12345",
        "a1234567",
        "iloveyou",
        "woaini1314",
        "5201314520",
        "admin123",
        "admin888",
    }
)


def hash_password(password: str) -> str:
    """The Argon2id hash in PHC form."""
    with _AT_ONCE:
        return _HASHER.hash(_settled(password))


def is_password(hashed: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for an account without one, or for no account at all."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(hashed or _nobodys(), _settled(password)) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_new_hash(hashed: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(hashed)


def check_password(password: str, login: str = "", name: str = "") -> None:
    """Refuse a password that is short, known or the person's own name; :class:`Invalid` with the sentence at
    ``password``.
    """
    plain = _settled(password).casefold()
    if len(plain) < SHORTEST:
        raise _refused(f"密码至少 {SHORTEST} 个字符。", f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise _refused(f"密码最多 {LONGEST} 个字符。", f"A password has at most {LONGEST} characters.")
    if plain in _KNOWN or len(set(plain)) < 3 or plain in (login.casefold(), name.casefold()):
        raise _refused(
            "这个密码太容易猜到，请换一个，例如几个不相关的词。",
            "This password is too easy to guess; choose another, such as a few unrelated words.",
        )


def _settled(password: str) -> str:
    """The same password whichever way a keyboard composes its characters (NIST SP 800-63B 5.1.1.2)."""
    return normalize("NFKC", password[: LONGEST * 2])


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _refused(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en), fields={"password": [Text(zh, en)]}, code="weak_password")
