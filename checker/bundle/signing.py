"""Ed25519 keys and DSSE envelopes around in-toto statements.

DSSE 1.0: the signature is over ``"DSSEv1" SP len(type) SP type SP len(body) SP body``.
"""

import base64
import binascii
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from checker.errors import Problem, UsageError
from checker.places import Anchor

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:zcf-check:check:1"


def new_key(path: Path) -> Path:
    """Make a key pair, ``path`` (for its owner only) and ``path.pub``; return the latter."""
    public = path.with_name(path.name + ".pub")
    if path.exists() or public.exists():
        raise UsageError(Problem("key.exists", Anchor(str(path)), {}, "blocker"))
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secret)
        public.write_bytes(public_pem(key.public_key()))
    except OSError as error:
        args = {"path": str(path), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor(path.name), args)) from None
    return public


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as PEM."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: Ed25519PublicKey) -> str:
    """Name of a key: the SHA-256 of its raw form."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def read_private(path: Path) -> Ed25519PrivateKey:
    """A private key file; raises ``UsageError`` for anything else."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(Problem("key.private", Anchor(str(path)), {}, "blocker"))
    return key


def read_public(content: bytes, name: str) -> Ed25519PublicKey:
    """A public key; raises ``UsageError`` for anything else."""
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(Problem("key.public", Anchor(name), {}, "blocker"))
    return key


def _encoded(body: bytes) -> bytes:
    kind = PAYLOAD_TYPE.encode()
    return b" ".join((b"DSSEv1", str(len(kind)).encode(), kind, str(len(body)).encode(), body))


def envelope(statement: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """A signed envelope as JSON."""
    body = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signature = {
        "keyid": key_id(key.public_key()),
        "sig": base64.b64encode(key.sign(_encoded(body))).decode(),
    }
    document = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(body).decode(),
        "signatures": [signature],
    }
    return (json.dumps(document, sort_keys=True, indent=1) + "\n").encode()


def opened(content: bytes, key: Ed25519PublicKey) -> dict[str, Any] | None:
    """The statement of an envelope when ``key`` has signed it, else None."""
    try:
        document = json.loads(content)
        body = base64.b64decode(document["payload"], validate=True)
        if document["payloadType"] != PAYLOAD_TYPE:
            return None
        for one in document["signatures"]:
            try:
                key.verify(base64.b64decode(one["sig"], validate=True), _encoded(body))
            except InvalidSignature:
                continue
            statement = json.loads(body)
            return statement if isinstance(statement, dict) else None
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None
    return None
