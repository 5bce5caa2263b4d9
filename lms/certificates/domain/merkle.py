"""A tree of hashes over the files of a day, so that one stamp proves each of them (RFC 6962, 2.1).

A leaf is the SHA-256 of a file. Whoever holds the file, the stamped root and a few hashes can prove
that the file was there, without seeing any other.
"""

from collections.abc import Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    return sha256(LEAF + data).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaves in their order; of none, the hash of nothing."""
    if not leaves:
        return sha256(b"").digest()
    return _root([leaf_hash(leaf) for leaf in leaves])


def path_of(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root, from the leaf upwards.

    Raises:
        ValueError: if there is no such leaf.
    """
    if not 0 <= place < len(leaves):
        raise ValueError(f"there is no leaf {place} among {len(leaves)}")
    return _path(place, [leaf_hash(leaf) for leaf in leaves])


def root_by_path(leaf: bytes, place: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which a path leads, None where it has not the length that it must have.

    Source:
        RFC 9162, 2.1.3.2.
    """
    if not 0 <= place < count:
        return None
    at, last, root = place, count - 1, leaf_hash(leaf)
    for one in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            root = _node(one, root)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            root = _node(root, one)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = _split(len(hashes))
    return _node(_root(hashes[:split]), _root(hashes[split:]))


def _path(place: int, hashes: Sequence[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    split = _split(len(hashes))
    if place < split:
        return [*_path(place, hashes[:split]), _root(hashes[split:])]
    return [*_path(place - split, hashes[split:]), _root(hashes[:split])]


def _split(count: int) -> int:
    """Return the largest power of two below a number of at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()
