"""Personal data at rest: sealed with AES-GCM, found by keyed hash.

A sealed value is ``<key id length><key id><nonce><ciphertext>``: the key's id goes with it, so that keys can be changed while old values stay
readable. The context (which field of which row) is authenticated: a value copied to another row doesn't open.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class Unreadable(ValueError):
    """A sealed value doesn't open: the key is missing, or the value was changed or moved."""


class Vault:
    """Seals and opens. ``keys`` are 32 bytes each by id; ``current`` seals, the others only open.

    The key for hashes is derived from the key named ``index`` (the first one for good, or searches would find nothing after a change of keys).
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, *, index: str | None = None) -> None:
        if current not in keys:
            raise ValueError(f"no key {current}")
        for name, key in keys.items():
            if len(key) != 32 or not 1 <= len(name.encode()) <= 255:
                raise ValueError(f"key {name}: a key has 32 bytes and an id")
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = current
        self._hash_key = HKDF(SHA256(), 32, salt=None, info=b"wulian index").derive(keys[index or current])

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        """From configuration: ``id:base64``, or several separated by commas; the first seals, the last is the oldest and indexes.

        Raises ValueError with what is wrong.
        """
        keys: dict[str, bytes] = {}
        for part in filter(None, (each.strip() for each in text.split(","))):
            name, _, encoded = part.rpartition(":")
            try:
                keys[name or "k1"] = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise ValueError("a data key is 32 bytes in base64") from error
        if not keys:
            raise ValueError("no data key is configured")
        return cls(keys, next(iter(keys)), index=list(keys)[-1])

    @staticmethod
    def new_key() -> str:
        """A fresh key as configuration takes it."""
        return "k1:" + base64.b64encode(os.urandom(32)).decode()

    def seal(self, content: str | bytes, context: str) -> bytes:
        """Encrypt for one place, named by ``context``."""
        name = self._current.encode()
        nonce = os.urandom(NONCE)
        plain = content.encode() if isinstance(content, str) else content
        return (
            bytes((len(name),))
            + name
            + nonce
            + self._ciphers[self._current].encrypt(nonce, plain, context.encode())
        )

    def open_(self, sealed: bytes, context: str) -> bytes:
        """Decrypt. Raises Unreadable."""
        size = sealed[0] if sealed else 0
        cipher = self._ciphers.get(sealed[1 : 1 + size].decode(errors="replace"))
        if cipher is None:
            raise Unreadable("the key of a sealed value is not configured")
        start = 1 + size
        try:
            return cipher.decrypt(sealed[start : start + NONCE], sealed[start + NONCE :], context.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable("a sealed value was changed or moved") from error

    def keyed_hash(self, text: str, purpose: str) -> str:
        """What an identifier is found by; 64 hexadecimal characters. Without the key it can't be tried out."""
        return hmac.new(self._hash_key, f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()
