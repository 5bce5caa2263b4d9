"""The bytes of a badge to a verdict, with nothing but a list of keys and the status lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from lms.certificates.badges import keyring, proofs, shape
from lms.certificates.badges.keyring import BadgeKey
from lms.certificates.badges.multibase import public_key
from lms.certificates.badges.reading import NotReadable, read_object
from lms.certificates.domain import parse_code
from lms.certificates.domain.badging import BadgeFinding, BadgeState, BadgeVerdict, Purpose
from lms.certificates.domain.bits import decode_bits, is_set

CLOCKS_DIFFER: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Known:
    """What a check knows of the issuer; nothing is ever fetched.

    Args:
        keys: every key that the issuer ever used.
        lists: status lists by their address, as bytes; proof or token.
    """

    keys: Sequence[BadgeKey]
    lists: Mapping[str, bytes]


@dataclass(frozen=True)
class _Opened:
    """A document whose signature holds."""

    document: dict[str, Any]
    key: BadgeKey
    created: datetime


class _Refused(Exception):
    def __init__(self, finding: BadgeFinding) -> None:
        super().__init__(finding)
        self.finding = finding


def verify(data: bytes, known: Known, *, now: datetime, on: date | None = None) -> BadgeVerdict:
    """Judge a badge: JSON with a proof, or a token. Never raises, whatever the bytes are.

    Args:
        now: the present; status lists must be good at it.
        on: another day to ask about, as far as dates go. A status list tells the present only, so
            what it has withdrawn is withdrawn on any day.
    """
    try:
        opened = _open(data, known.keys, shape.BADGE)
        window = _window(opened.document)
    except NotReadable:
        return BadgeVerdict(BadgeFinding.UNREADABLE)
    except _Refused as refused:
        return BadgeVerdict(refused.finding)
    found = BadgeVerdict(
        finding=BadgeFinding.INTACT,
        credential=opened.document,
        development=opened.key.development,
        key=opened.key.id,
        signed_at=opened.created,
    )
    moment = now if on is None else datetime.combine(on, time(12), UTC)
    withdrawn = _status(opened.document, known, now)
    return replace(found, state=withdrawn or _state_at(moment, window))


def _open(data: bytes, keys: Sequence[BadgeKey], of: Mapping[str, Any]) -> _Opened:
    """Check key, shape and signature, in that order, so that only our own shape costs time."""
    if data.lstrip()[:1] == b"{":
        return _open_proof(read_object(data), keys, of)
    return _open_token(data, keys, of)


def _open_proof(
    document: dict[str, Any], keys: Sequence[BadgeKey], of: Mapping[str, Any]
) -> _Opened:
    options = document.pop("proof", None)
    if options is None:
        raise _Refused(BadgeFinding.NOT_SIGNED)
    if not isinstance(options, dict):
        raise NotReadable("a proof that is none")
    value = options.pop("proofValue", None)
    key = _key_for(options.get("verificationMethod"), document, keys)
    _check_shape(options, shape.PROOF)
    _check_shape(document, of)
    if not isinstance(value, str) or len(options) < len(shape.PROOF):
        raise NotReadable("a proof with parts missing")
    if not proofs.proof_holds(document, options, value, public_key(key.multikey)):
        raise _Refused(BadgeFinding.TAMPERED)
    return _dated(_Opened(document, key, _moment(options["created"])))


def _open_token(data: bytes, keys: Sequence[BadgeKey], of: Mapping[str, Any]) -> _Opened:
    token = proofs.OpenToken(data)
    document = {name: part for name, part in token.payload.items() if name not in proofs.CLAIMS}
    key = _key_for(token.header["kid"], document, keys)
    _check_shape(document, of)
    if not token.holds(public_key(key.multikey)):
        raise _Refused(BadgeFinding.TAMPERED)
    try:
        created = datetime.fromtimestamp(token.payload["iat"], UTC)
        repeated = {**document, **proofs.claims(document, created)}
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise NotReadable("a token with claims missing") from error
    if repeated != token.payload:
        raise _Refused(BadgeFinding.TAMPERED)
    return _dated(_Opened(document, key, created))


def _check_shape(document: dict[str, Any], of: Mapping[str, Any]) -> None:
    if any(True for _place in shape.strange(document, of)):
        raise _Refused(BadgeFinding.UNKNOWN_TERMS)


def _key_for(name: Any, document: dict[str, Any], keys: Sequence[BadgeKey]) -> BadgeKey:
    """Return the key of this name, if it is one of the issuer that the document names."""
    issuer = document.get("issuer")
    controller = issuer.get("id") if isinstance(issuer, dict) else issuer
    key = keyring.find(keys, name)
    if key is None or key.controller != controller:
        raise _Refused(BadgeFinding.UNKNOWN_SIGNER)
    return key


def _dated(opened: _Opened) -> _Opened:
    if opened.key.withdrawn_at is not None:
        raise _Refused(BadgeFinding.SIGNER_REVOKED)
    if not opened.key.in_use_at(opened.created):
        raise _Refused(BadgeFinding.KEY_NOT_IN_USE)
    return opened


def _moment(text: Any) -> datetime:
    try:
        return proofs.moment_in(text)
    except ValueError as error:
        raise NotReadable("not a moment") from error


def _window(document: dict[str, Any]) -> tuple[datetime, datetime | None]:
    until = document.get("validUntil")
    return _moment(document.get("validFrom")), None if until is None else _moment(until)


def _state_at(moment: datetime, window: tuple[datetime, datetime | None]) -> BadgeState:
    begins, ends = window
    if moment < begins:
        return BadgeState.NOT_YET
    return BadgeState.EXPIRED if ends is not None and moment > ends else BadgeState.VALID


PROOF_HOLDS: Final = (
    BadgeFinding.INTACT,
    BadgeFinding.SIGNER_REVOKED,
    BadgeFinding.KEY_NOT_IN_USE,
)


def withdrawn(data: bytes, known: Known, *, code: str, now: datetime) -> BadgeState | None:
    """Return what the status lists say against a badge that something else vouches for.

    The badge inside a PDF is covered by the signature of that, whatever became of the badge's key.
    Its own proof must be one of the issuer's keys all the same, so that nobody whom the same root
    knows can write a place into it that is not set.

    Args:
        data: JSON with a proof.
        code: of the certificate that the badge must be for.
        now: the moment at which the lists must be good.

    Returns:
        REVOKED, SUSPENDED, UNKNOWN where the lists at hand do not say, None where nothing stands
        against it.
    """
    if verify(data, known, now=now).finding not in PROOF_HOLDS:
        return BadgeState.UNKNOWN
    document = read_object(data)
    if parse_code(document["credentialSubject"].get("licenseNumber", "")) != code:
        return BadgeState.UNKNOWN
    return _status(document, known, now)


# --- status lists ---------------------------------------------------------------------------------


def _status(document: dict[str, Any], known: Known, now: datetime) -> BadgeState | None:
    """Return what the lists say against the badge; None where nothing stands against it.

    Both lists are asked, at the same place. A list that is missing, old or not the issuer's leaves
    the state unknown, which is never shown as valid.
    """
    entry = document.get("credentialStatus", {})
    address, place = entry.get("statusListCredential", ""), entry.get("statusListIndex", "")
    ours = f"/status/{Purpose.REVOCATION}/"
    if entry.get("statusPurpose") != Purpose.REVOCATION or ours not in address:
        return BadgeState.UNKNOWN
    other = address.replace(ours, f"/status/{Purpose.SUSPENSION}/")
    issuer = document["issuer"]["id"]
    try:
        revoked = _is_set(known, address, place, issuer, Purpose.REVOCATION, now)
        suspended = _is_set(known, other, place, issuer, Purpose.SUSPENSION, now)
    except (NotReadable, ValueError, _Refused):
        return BadgeState.UNKNOWN
    if revoked:
        return BadgeState.REVOKED
    return BadgeState.SUSPENDED if suspended else None


def _is_set(
    known: Known, address: str, place: str, issuer: str, purpose: Purpose, now: datetime
) -> bool:
    data = known.lists.get(address)
    if data is None:
        raise NotReadable("the list is not at hand")
    opened = _open(data, known.keys, shape.STATUS_LIST)
    document, subject = opened.document, opened.document.get("credentialSubject", {})
    begins, ends = _window(document)
    if ends is None or not begins - CLOCKS_DIFFER <= now <= ends:
        raise NotReadable("the list is too old, or from tomorrow")
    if (document.get("id"), document.get("issuer"), subject.get("statusPurpose")) != (
        *(address, issuer),
        purpose,
    ):
        raise NotReadable("the list is another one")
    return is_set(decode_bits(subject.get("encodedList", "")), int(place))
