"""Seals personal data at rest, and hashes it so that it can be found again without being read.

Sealing is AES-256-GCM. The context (which record, which field) is bound to the sealed bytes, so that one
person's number can't be pasted into another's row. The key's name stands in front, so that keys can be
changed: new data is sealed with the current key, old data opens with the one it names.
"""

import hmac
import os
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import Invalid, WulianError
from engine.text import Text

_FORMAT = b"\x01"
_NONCE = 12


class Unreadable(WulianError):
    """Sealed data can't be opened: another context, a changed byte, or a key that is not configured."""

    code = "unreadable"


class Vault:
    """Seals and hashes. ``keys``: 32 bytes each, by name; ``current`` names the one new data is sealed with.

    Searching needs hashes that stay the same when keys are changed, so they are made with the *oldest* key:
    the one whose name comes first (``1`` before ``2`` before ``10``). Keep it configured.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys:
            raise _misconfigured("当前密钥不在密钥表中。", "the current key is not among the keys")
        for name, key in keys.items():
            if not 1 <= len(name.encode()) <= 255 or len(key) != 32:
                raise _misconfigured("密钥应有名称，长 32 字节。", "a key needs a name and 32 bytes")
        self._ciphers = {name.encode(): AESGCM(_derive(key, b"wulian seal")) for name, key in keys.items()}
        self._current = current.encode()
        oldest = min(keys, key=lambda name: (len(name), name))
        self._search = _derive(keys[oldest], b"wulian search")

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        """From configuration: ``name:base64``, several separated by commas, the current one first."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (each.strip() for each in text.split(","))):
            name, _, encoded = part.rpartition(":")
            try:
                keys[name or "1"] = b64decode(encoded, altchars=b"-_", validate=True)
            except ValueError:
                raise _misconfigured("密钥应为 Base64 文本。", "a key is written in Base64") from None
        return cls(keys, next(iter(keys), ""))

    @staticmethod
    def new_key(name: str = "1") -> str:
        """A fresh key as :meth:`from_text` takes it."""
        return f"{name}:{urlsafe_b64encode(os.urandom(32)).decode()}"

    def seal(self, plain: bytes | str, context: str) -> bytes:
        """Encrypt. ``context`` must be given again to open, e.g. ``submission:<id>``."""
        nonce = os.urandom(_NONCE)
        plain = plain.encode() if isinstance(plain, str) else plain
        head = _FORMAT + bytes([len(self._current)]) + self._current + nonce
        return head + self._ciphers[self._current].encrypt(nonce, plain, context.encode())

    def open_(self, sealed: bytes, context: str) -> bytes:
        """Decrypt. Raises :class:`Unreadable`."""
        size = sealed[1] if len(sealed) > 1 and sealed[:1] == _FORMAT else 0
        cipher = self._ciphers.get(sealed[2 : 2 + size])
        start = 2 + size + _NONCE
        if not size or cipher is None or len(sealed) < start:
            raise _unreadable()
        try:
            return cipher.decrypt(sealed[2 + size : start], sealed[start:], context.encode())
        except InvalidTag:
            raise _unreadable() from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the current key; if not, it should be opened and sealed again."""
        return sealed[1:].startswith(bytes([len(self._current)]) + self._current)

    def keyed_hash(self, text: str, purpose: str) -> str:
        """A hash (64 hex digits) that can't be tried out without the key; another for each ``purpose``."""
        message = purpose.encode() + b"\x00" + text.encode()
        return hmac.new(self._search, message, sha256).hexdigest()

    def __repr__(self) -> str:
        return f"Vault(current={self._current.decode()!r})"


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def _misconfigured(zh: str, en: str) -> Invalid:
    return Invalid(Text(f"数据密钥设置有误：{zh}", f"The data keys are wrong: {en}."), code="data_keys")


def _unreadable() -> Unreadable:
    return Unreadable(
        Text("加密数据无法读取，请检查数据密钥设置。", "Sealed data cannot be opened; check the data keys.")
    )
