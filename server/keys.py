"""The platform's keys: one master key, from which everything else is derived or under which it is sealed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.errors import Failure, Kind
from server.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_FILE = "master.key"


class MasterKeyError(Exception):
    """The master key is missing or not 32 bytes; the platform does not start without it."""


class SecretUnreadable(Failure):
    """A stored secret can't be opened: it was sealed under another key, or tampered with."""

    kind, reason = Kind.PRECONDITION, "SECRET_UNREADABLE"

    def __init__(self) -> None:
        super().__init__("A stored secret can't be opened with the platform's keys; give the secret again.")


class MasterKey:
    """The master key: 32 bytes that never leave this process."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise MasterKeyError(f"The master key must have {KEY_BYTES} bytes, this one has {len(key)}.")
        self._key = key
        self.id = hashlib.sha256(b"id" + key).hexdigest()[:16]

    @classmethod
    def load(cls, settings: Settings) -> MasterKey:
        """Reads the key from the settings, else from the home folder, where the first start makes it.

        Raises:
            MasterKeyError: it is there but can't be used; it is never replaced by another.
        """
        if settings.master_key is not None:
            return cls(_decoded(settings.master_key.get_secret_value(), "THEDATA_MASTER_KEY"))
        path = settings.home / "keys" / KEY_FILE
        if not path.exists():
            _create(path)
        return cls(_decoded(path.read_text(), str(path)))

    def derive(self, purpose: str) -> bytes:
        """Derives a 32-byte key for one purpose."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs access tokens."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("access-token"))

    def new_data_key(self, organization: bytes) -> bytes:
        """Makes a data key and returns it wrapped for that organization."""
        return seal(self.derive("wrap"), os.urandom(KEY_BYTES), organization)

    def unwrap(self, wrapped: bytes, organization: bytes) -> bytes:
        """Opens a wrapped data key.

        Raises:
            SecretUnreadable: it was wrapped by another master key or for another organization.
        """
        return unseal(self.derive("wrap"), wrapped, organization)


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypts with AES-256-GCM; the result opens only with the same key and `bound_to`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Opens what `seal` made.

    Raises:
        SecretUnreadable: another key, another place, or other bytes.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadable from error


def _decoded(text: str, origin: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MasterKeyError(f"{origin} is not Base64.") from error


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own, for its owner alone: in a container every start has the same process id.
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    fresh = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # fails where another process was first, and then its key counts
    except FileExistsError:
        return
    finally:
        fresh.unlink()
