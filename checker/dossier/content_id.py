"""Content identifiers of evidence: SHA-256, and IPFS CIDs as far as they can be checked.

A CID version 1 of a raw single block (codec 0x55, hash sha2-256) is the hash of the file itself and
can be checked. Other codecs (dag-pb, dag-cbor) hash a tree whose shape depends on the chunker: they
cannot be checked from the file alone and are said to be so.
Form: multibase prefix ``b`` (base32, lower case), version, codec, multihash; see the CID
specification of multiformats.
"""

import base64
import binascii
import re

RAW, SHA256 = 0x55, 0x12
_CID = re.compile(
    r"b[a-z2-7]{50,118}|f01[0-9a-f]{60,116}|z[1-9A-HJ-NP-Za-km-z]{45,100}|Qm[1-9A-HJ-NP-Za-km-z]{44}"
)
"""Base 32, base 16 and base 58 of version 1, and version 0."""
_HASH = re.compile(r"(?:sha-?256:)?([0-9a-fA-F]{64})\Z")


def hash_of_cid(text: str) -> str | None:
    """The SHA-256 that a raw CID stands for, in hex; None when it cannot be checked."""
    text = text.strip().removeprefix("ipfs://")
    if not text.startswith("b") or not 50 <= len(text) <= 120:
        return None
    body = text[1:].upper()
    try:
        content = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return None
    head = bytes((1, RAW, SHA256, 32))
    if not content.startswith(head) or len(content) != len(head) + 32:
        return None
    if base64.b32encode(content).decode().rstrip("=") != body:
        return None  # spare bits at the end: another spelling of the same bytes is no identifier
    return content[len(head) :].hex()


def is_cid(text: str) -> bool:
    """True for something that is written like a CID, whether or not it can be checked."""
    text = text.strip().removeprefix("ipfs://")
    return bool(_CID.fullmatch(text))


def hash_of(text: str) -> str | None:
    """A SHA-256 written in hex, with or without ``sha256:``; None when it is none."""
    match = _HASH.match(text.strip())
    return match.group(1).lower() if match else None
