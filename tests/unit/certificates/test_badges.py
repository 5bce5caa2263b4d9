"""The badge matrix through our own check: states, attacks, hostile bytes."""

import base64
import copy
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from lms.certificates.badges import proofs, shape, vocabulary
from lms.certificates.badges.contexts import Processor
from lms.certificates.badges.credential import credential
from lms.certificates.badges.reading import LARGEST, NotReadable, canonical, read_object
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain import AgreementLine
from lms.certificates.domain.badging import BadgeFinding, BadgeState
from tests.factories_badges import DID, ENTRY, NOW, SIGNED_AT, make_expired, make_house
from tests.factories_certificates import NAMES, make_facts

INTACT, TAMPERED = BadgeFinding.INTACT, BadgeFinding.TAMPERED


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = make_house(tmp_path_factory.mktemp("badge keys"))
    made.publish()
    return made


@pytest.fixture(scope="module")
def badge(house):
    return house.badge()[0]


@pytest.fixture(scope="module")
def token(house):
    return house.badge()[1]


@pytest.fixture(params=["proof", "token"])
def form(request):
    """Which of the two forms of a badge: its place in what `badge()` returns."""
    return ("proof", "token").index(request.param)


def look(data, known, **given):
    return verify(data, known, now=NOW, **given)


# --- states ---------------------------------------------------------------------------------------


def test_a_good_badge_is_valid_and_says_what_the_certificate_says(house, form):
    verdict = look(house.badge()[form], house.known)

    assert verdict.good
    assert verdict.development
    assert verdict.key == f"{DID}#badge-2026-1"
    assert verdict.signed_at == SIGNED_AT
    assert verdict.credential == house.document()


@pytest.mark.parametrize(
    ("set_in", "state"),
    [("revocation", BadgeState.REVOKED), ("suspension", BadgeState.SUSPENDED)],
)
@pytest.mark.parametrize("list_as_token", [False, True])
def test_a_place_that_is_set_tells(tmp_path, form, set_in, state, list_as_token):
    house = make_house(tmp_path)
    house.publish(token=list_as_token, **{set_in: ENTRY.place})

    assert look(house.badge()[form], house.known).state is state


def test_the_place_beside_says_nothing(tmp_path, form):
    house = make_house(tmp_path)
    house.publish(revocation=ENTRY.place + 1)

    assert look(house.badge()[form], house.known).state is BadgeState.VALID


def test_an_expired_badge_says_so_and_was_valid_on_its_last_day(house, form):
    data = house.badge(make_expired())[form]

    assert look(data, house.known).state is BadgeState.EXPIRED
    assert look(data, house.known, on=date(2026, 8, 1)).state is BadgeState.VALID
    assert look(data, house.known, on=date(2026, 8, 2)).state is BadgeState.EXPIRED
    assert look(data, house.known, on=date(2026, 6, 13)).state is BadgeState.NOT_YET


def test_a_badge_without_an_end_stays_valid(house, form):
    data = house.badge(make_facts(expires_on=None))[form]

    assert look(data, house.known, on=date(2051, 1, 1)).state is BadgeState.VALID


@pytest.mark.parametrize("missing", ["revocation", "suspension"])
def test_without_one_of_the_lists_the_state_is_unknown(house, badge, missing):
    lists = {name: data for name, data in house.lists.items() if missing not in name}

    assert look(badge, Known(house.known.keys, lists)).state is BadgeState.UNKNOWN


def test_a_list_that_is_too_old_leaves_the_state_unknown(tmp_path):
    house = make_house(tmp_path)
    house.publish(now=NOW - timedelta(days=8))

    assert look(house.badge()[0], house.known).state is BadgeState.UNKNOWN


def test_a_list_from_next_week_leaves_the_state_unknown(tmp_path):
    house = make_house(tmp_path)
    house.publish(now=NOW + timedelta(days=8))

    assert look(house.badge()[0], house.known).state is BadgeState.UNKNOWN


def test_a_list_of_somebody_else_leaves_the_state_unknown(tmp_path, house, badge):
    stranger = make_house(tmp_path)
    stranger.publish()

    assert look(badge, Known(house.known.keys, stranger.lists)).state is BadgeState.UNKNOWN


def test_a_list_for_another_purpose_does_not_stand_in(tmp_path):
    house = make_house(tmp_path)
    house.publish(revocation=ENTRY.place)
    one, other = house.lists
    swapped = {one: house.lists[other], other: house.lists[one]}

    assert look(house.badge()[0], Known(house.known.keys, swapped)).state is BadgeState.UNKNOWN


# --- keys -----------------------------------------------------------------------------------------


def test_the_key_of_another_house_with_the_same_name_proves_nothing(tmp_path, house, badge, form):
    stranger = make_house(tmp_path)

    verdict = look(stranger.badge()[form], house.known)

    assert verdict.finding is TAMPERED
    assert verdict.credential is None


def test_a_key_that_is_not_in_the_list_is_an_unknown_signer(house, form):
    assert look(house.badge()[form], Known([], {})).finding is BadgeFinding.UNKNOWN_SIGNER


def test_a_key_of_ours_cannot_speak_for_another_issuer(house):
    document = house.document()
    document["issuer"]["id"] = "did:web:elsewhere.example"
    data = house.signer.sign(document, created=SIGNED_AT)[0]

    assert look(data, house.known).finding is BadgeFinding.UNKNOWN_SIGNER


def test_a_withdrawn_key_proves_nothing(house, form):
    withdrawn = replace(house.signer.public, withdrawn_at=NOW)

    verdict = look(house.badge()[form], Known([withdrawn], house.lists))

    assert verdict.finding is BadgeFinding.SIGNER_REVOKED
    assert verdict.credential is None


@pytest.mark.parametrize(
    "change",
    [
        {"used_from": SIGNED_AT + timedelta(seconds=1)},
        {"used_until": SIGNED_AT - timedelta(seconds=1)},
    ],
    ids=["before its time", "after its time"],
)
def test_a_key_proves_nothing_outside_its_dates(house, form, change):
    other = replace(house.signer.public, **change)

    verdict = look(house.badge()[form], Known([other], house.lists))

    assert verdict.finding is BadgeFinding.KEY_NOT_IN_USE


def test_a_key_whose_time_has_ended_still_proves_what_it_signed(house, form):
    ended = replace(house.signer.public, used_until=SIGNED_AT + timedelta(days=1))
    lists = {}

    assert look(house.badge()[form], Known([ended], lists)).finding is INTACT


# --- attacks --------------------------------------------------------------------------------------


def changed(badge, change):
    document = json.loads(badge)
    change(document)
    return canonical(document)


def texts(value, path=()):
    """Yield the path of every text, number and flag."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from texts(inner, (*path, place))
    else:
        yield path


def at(document, path):
    for step in path:
        document = document[step]
    return document


def test_no_text_of_a_badge_can_be_changed(house, badge):
    document = json.loads(badge)
    paths = list(texts(document))
    assert len(paths) > 60

    for path in paths:
        forged = copy.deepcopy(document)
        old = at(forged, path)
        at(forged, path[:-1])[path[-1]] = (not old) if isinstance(old, bool) else f"{old}x"
        assert look(canonical(forged), house.known).finding is not INTACT, path


def test_no_part_of_a_badge_can_be_left_out(house, badge):
    document = json.loads(badge)
    for path in texts(document):
        forged = copy.deepcopy(document)
        del at(forged, path[:-1])[path[-1]]
        assert look(canonical(forged), house.known).finding is not INTACT, path


def objects(value, path=()):
    if isinstance(value, dict):
        yield path
        for name, inner in value.items():
            yield from objects(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from objects(inner, (*path, place))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        pytest.param("grade", "with distinction", id="defined nowhere"),
        pytest.param("value", "with distinction", id="defined elsewhere"),
        pytest.param("description", "with distinction", id="defined everywhere"),
        pytest.param("https://example.org/grade", "A", id="an address"),
        pytest.param("@included", [], id="a keyword"),
        pytest.param("_:b0", "x", id="a blank"),
    ],
)
def test_an_extra_term_is_refused_wherever_it_stands(house, badge, term, value):
    document = json.loads(badge)
    for path in objects(document):
        if term in at(document, path):
            continue
        forged = copy.deepcopy(document)
        at(forged, path)[term] = value
        verdict = look(canonical(forged), house.known)
        assert verdict.finding in (BadgeFinding.UNKNOWN_TERMS, TAMPERED), path
        assert verdict.credential is None


def test_an_extra_type_is_refused(house, badge):
    forged = changed(badge, lambda d: d["type"].append("DiplomaCredential"))

    assert look(forged, house.known).finding is BadgeFinding.UNKNOWN_TERMS


@pytest.mark.parametrize("form_of", [0, 1])
def test_extra_terms_in_a_signed_token_are_refused_too(house, form_of):
    document = {**house.document(), "grade": "A"}
    data = house.signer.sign(document, created=SIGNED_AT)[form_of]

    assert look(data, house.known).finding is BadgeFinding.UNKNOWN_TERMS


@pytest.mark.parametrize("claim", ["iss", "jti", "nbf", "exp"])
def test_the_claims_of_a_token_must_repeat_its_document(house, claim):
    document = house.document()
    said = {**document, **proofs.claims(document, SIGNED_AT)}
    said[claim] = said[claim] + (1 if isinstance(said[claim], int) else "x")
    header = {"alg": "EdDSA", "kid": house.signer.public.id, "typ": "vc+jwt"}
    signed = b".".join(
        base64.urlsafe_b64encode(canonical(part)).rstrip(b"=") for part in (header, said)
    )
    signature = base64.urlsafe_b64encode(house.signer.key.sign(signed)).rstrip(b"=")

    assert look(signed + b"." + signature, house.known).finding is not INTACT


@pytest.mark.parametrize("alg", ["none", "HS256", "Ed25519", "ES256"])
def test_a_token_with_another_algorithm_is_refused(house, alg):
    _header, payload, signature = house.badge()[1].split(b".")
    header = {"alg": alg, "kid": house.signer.public.id, "typ": "vc+jwt"}
    forged = base64.urlsafe_b64encode(canonical(header)).rstrip(b"=")

    data = b".".join((forged, payload, signature))
    assert look(data, house.known).finding is BadgeFinding.UNREADABLE


def test_a_badge_without_its_proof_is_not_signed(house):
    assert look(canonical(house.document()), house.known).finding is BadgeFinding.NOT_SIGNED


def test_a_list_of_proofs_is_refused(house, badge):
    forged = changed(badge, lambda d: d.update(proof=[d["proof"], d["proof"]]))

    assert look(forged, house.known).finding is BadgeFinding.UNREADABLE


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_a_flip_of_any_byte_is_refused(house, badge, data):
    place = data.draw(st.integers(0, len(badge) - 1))
    flip = data.draw(st.integers(1, 255))
    forged = badge[:place] + bytes([badge[place] ^ flip]) + badge[place + 1 :]

    assert look(forged, house.known).finding is not INTACT


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_flip_of_any_byte_of_a_token_is_refused(house, token, data):
    place = data.draw(st.integers(0, len(token) - 1))
    flip = data.draw(st.integers(1, 255))
    forged = token[:place] + bytes([token[place] ^ flip]) + token[place + 1 :]

    assert look(forged, house.known).finding is not INTACT


@pytest.mark.parametrize("cut", [1, 2, 50, 1000])
def test_a_badge_that_was_cut_short_is_refused(house, form, cut):
    assert look(house.badge()[form][:-cut], house.known).finding is not INTACT


def test_a_wallet_may_write_the_same_badge_in_its_own_way(house, badge):
    rewritten = json.dumps(json.loads(badge), indent=4).encode()

    assert look(rewritten, house.known).good


# --- hostile bytes --------------------------------------------------------------------------------

simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
hostile = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@context", "id", "type", "proof", "issuer", "credentialSubject", "@graph", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_hostile_json_never_raises(house, value):
    verdict = look(json.dumps(value).encode(), house.known)

    assert verdict.finding is not INTACT


@settings(max_examples=200, deadline=None)
@given(hostile, st.data())
def test_hostile_json_in_a_badge_never_raises(house, badge, value, data):
    document = json.loads(badge)
    path = data.draw(st.sampled_from(list(objects(document))[1:]))
    at(document, path[:-1])[path[-1]] = value

    assert look(json.dumps(document).encode(), house.known).finding is not INTACT


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(house, data):
    assert look(data, house.known).finding is not INTACT


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"{" * 100_000, id="deep objects"),
        pytest.param(b'{"a":' + b"[" * 100_000, id="deep lists"),
        pytest.param(b'{"a":1e400}', id="a huge number"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="many digits"),
        pytest.param(b'{"a":NaN}', id="not a number"),
        pytest.param(b'{"id":"a","id":"b"}', id="a name twice"),
        pytest.param(b'{"a":"\\ud800"}', id="half a letter"),
        pytest.param(b'{"a":"\xff"}', id="not UTF-8"),
        pytest.param(b"{" + b" " * LARGEST + b"}", id="too large"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_not_plain_json_is_unreadable(house, data):
    assert look(data, house.known).finding is BadgeFinding.UNREADABLE
    with pytest.raises(NotReadable):
        read_object(data)


def test_many_entries_that_say_the_same_are_refused_before_they_cost_time(house, badge):
    # putting indistinguishable statements into order takes a time that grows with their factorial
    forged = changed(
        badge,
        lambda d: d["credentialSubject"].update(
            result=[{"type": ["Result"], "value": "x"} for _ in range(30)]
        ),
    )

    assert look(forged, house.known).finding is BadgeFinding.UNKNOWN_TERMS


# --- what stands in it ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_person_is_named_as_on_the_certificate(house, name):
    document = house.document(make_facts(name=name))

    assert document["credentialSubject"]["identifier"][0]["identityHash"] == name
    assert look(house.badge(make_facts(name=name))[0], house.known).good


def test_what_is_achieved_has_one_name_for_all_who_reach_it_with_a_release(house):
    one, other = make_facts(), make_facts(name="Kim Lee", agreement=AgreementLine(56, 48, 56))
    later = make_facts(release_digest="cd" * 32)
    names = [house.document(f)["credentialSubject"]["achievement"] for f in (one, other, later)]

    assert names[0] == names[1]
    assert names[0]["id"] != names[2]["id"]


def test_a_development_key_is_marked_in_words_and_as_data(house):
    document = house.document(make_facts(demonstration=False))

    assert document["issuer"]["name"].startswith("UNTRUSTED DEVELOPMENT KEY: ")
    assert "proves nothing" in document["issuer"]["description"]
    assert document["credentialSubject"]["achievement"]["tag"] == ["untrusted-development-key"]


def test_a_real_key_leaves_no_such_mark(house):
    issuer = replace(house.issuer, development=False)
    facts = make_facts(demonstration=False)
    document = credential(facts, "7Q4KM2XD9H3TRB6WD", issuer=issuer, status=ENTRY)

    assert document["issuer"]["name"] == facts.issuer
    assert "UNTRUSTED" not in json.dumps(document)
    assert "tag" not in document["credentialSubject"]["achievement"]


def test_a_demonstration_is_marked(house):
    achievement = house.document()["credentialSubject"]["achievement"]

    assert "demonstration" in achievement["tag"]
    assert "not valid for a trial" in achievement["description"]


def test_facts_with_nothing_but_what_they_need_make_a_badge(house, form):
    facts = make_facts(
        module_title="", instrument_ref="", instrument_note="", release_version="", level="",
        score=(), agreement=None, language="", expires_on=None, rights="", demonstration=False,
    )  # fmt: skip

    assert look(house.badge(facts)[form], house.known).good


# --- the vocabulary -------------------------------------------------------------------------------


def filled(of):
    """Return a document that uses every term of a shape."""
    if isinstance(of, shape.Several):
        return [filled(of.of)]
    if isinstance(of, shape.OneOf):
        return list(of.words)
    if isinstance(of, shape.Exactly):
        return of.value
    if isinstance(of, type):
        return {str: "https://example.org/x", bool: True, int: 1}[of]
    return {name: filled(inner) for name, inner in of.items()}


@pytest.mark.parametrize("of", [shape.BADGE, shape.STATUS_LIST], ids=["badge", "status list"])
def test_every_term_of_the_shape_is_defined_where_it_stands(of):
    dropped = []
    jsonld.expand(
        filled(of), {"documentLoader": vocabulary.load}, on_property_dropped=dropped.append
    )

    assert dropped == []


def test_every_term_of_a_proof_is_defined():
    dropped = []
    jsonld.expand(
        {"@context": shape.CONTEXT, **filled(shape.PROOF), "proofValue": "z1"},
        {"documentLoader": vocabulary.load},
        on_property_dropped=dropped.append,
    )

    assert dropped == []


def test_a_dropped_term_would_have_been_seen(house):
    dropped = []
    jsonld.expand(
        {**house.document(), "grade": "A"},
        {"documentLoader": vocabulary.load},
        on_property_dropped=dropped.append,
    )

    assert dropped == ["grade"]


def test_contexts_that_are_remembered_change_no_statement(house):
    """One processor for all, in any order, against PyLD's own, which begins anew each time."""
    badge, wide = house.document(), filled(shape.BADGE)
    inner = badge["credentialSubject"]["achievement"]
    documents = [
        badge,
        {"@context": shape.CONTEXT, **filled(shape.PROOF)},
        wide,
        filled(shape.STATUS_LIST),
        house.document(make_facts(name="Kim Abel", agreement=None, score=())),
        {**badge, "credentialSubject": {**badge["credentialSubject"], "achievement": [inner] * 2}},
        {**badge, "evidence": inner, "type": ["VerifiableCredential"]},
        {**badge, "@context": list(reversed(badge["@context"]))},
        {"@context": [*badge["@context"], {"grade": "https://example.org/g"}], "grade": "A"},
        {"@context": badge["@context"], "type": "Achievement", "name": "A", "issuer": inner},
    ]
    how = {"format": "application/n-quads", "documentLoader": vocabulary.load}
    ours = Processor()
    for document in documents + documents[::-1]:
        try:
            wanted = jsonld.normalize(document, how)
        except jsonld.JsonLdError:
            with pytest.raises(jsonld.JsonLdError):
                ours.normalize(document, how)
        else:
            assert ours.normalize(document, how) == wanted


def test_no_context_is_fetched():
    with pytest.raises(vocabulary.UnknownContext):
        vocabulary.load("https://www.w3.org/ns/credentials/examples/v2")


def test_a_context_that_was_changed_is_refused(tmp_path, monkeypatch):
    name, _digest = vocabulary.PINS[vocabulary.CREDENTIALS]
    (tmp_path / name).write_text('{"@context":{}}')
    monkeypatch.setattr(vocabulary, "FOLDER", tmp_path)
    vocabulary.context.cache_clear()

    with pytest.raises(RuntimeError, match="not the file that was pinned"):
        vocabulary.context(vocabulary.CREDENTIALS)
    vocabulary.context.cache_clear()
