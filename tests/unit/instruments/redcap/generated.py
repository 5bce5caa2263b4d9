"""Instruments of every kind of item, made by hypothesis."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(
    st.one_of(st.sampled_from("=+-@'\"|,; \t<>[]{}é“\\ü0123#:"), st.characters(codec="utf-8")),
    min_size=1,
    max_size=12,
).filter(lambda text: "\r" not in text and "\0" not in text)
CODES = st.one_of(
    st.integers(-99, 99), st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True)
).filter(lambda code: str(code).upper() not in ("NA", "NONE"))
FIGURES = st.one_of(st.integers(-20, 20), st.sampled_from([0.5, -1.25, 0.001]))


def rows(of, **settings):
    return st.lists(of, min_size=2, max_size=4, **settings)


def coded(**fields):
    return rows(
        st.fixed_dictionaries({"code": CODES} | fields), unique_by=lambda row: str(row["code"])
    )


@st.composite
def levels(draw):
    codes = draw(rows(CODES, unique_by=str))
    worths = sorted(draw(st.sets(st.integers(0, 50), min_size=4, max_size=4)))
    return {
        "kind": "levels",
        "levels": [
            {"code": code, "anchor": draw(TEXTS), "value": draw(st.sampled_from([None, worth]))}
            for code, worth in zip(codes, worths, strict=False)
        ],
    }


@st.composite
def numbers(draw):
    low, step = draw(FIGURES), draw(st.sampled_from([1, 0.5, 0.1, 0.00001]))
    high = low + 1 if isinstance(low, int) else low + 1.0
    unit = draw(st.one_of(st.just({}), st.fixed_dictionaries({"unit": TEXTS})))
    return {"kind": "number", "minimum": low, "maximum": high, "step": step} | unit


SCALES = st.one_of(
    levels(),
    numbers(),
    st.fixed_dictionaries({"kind": st.just("vas"), "left": TEXTS, "right": TEXTS}),
    st.just(
        {
            "kind": "seconds",
            "maximum": 60,
            "step": 0.1,
            "bands": [{"from": 0, "code": 0}, {"from": 2.5, "code": 3}],
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("yes_no")},
        optional={"points": st.fixed_dictionaries({"yes": FIGURES, "no": st.none()})},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("choice"),
            "options": coded(label=TEXTS, points=st.one_of(st.none(), FIGURES)),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("parts"),
            "parts": rows(
                st.fixed_dictionaries(
                    {
                        "key": st.one_of(KEYS, st.sampled_from(["code_1", "code_m2", "code_m0"])),
                        "label": TEXTS,
                        "points": st.sampled_from([1, 2, 0.5]),
                    }
                ),
                unique_by=lambda row: row["key"],
            ),
        }
    ),
)
ABOUT = st.fixed_dictionaries(
    {"label": TEXTS},
    optional={
        "hint": TEXTS,
        "side": st.sampled_from(["right", "left", "axial"]),
        "na": st.just(True),
        "optional": st.just(True),
        "section": st.sampled_from(["one", "two"]),
        "scale": st.just("shared"),
    },
)


@st.composite
def definitions(draw) -> dict[str, Any]:
    """Data that may or may not be an instrument; ranges of totals are to be set right."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    items = []
    for key in keys:
        about = draw(ABOUT)
        scale = {} if "scale" in about else draw(SCALES)
        items.append({"key": key} | about | scale)
    used = {item.get("section") for item in items}
    return {
        "format": "concord-instrument/1",
        "id": draw(KEYS),
        "version": "1.0",
        "title": draw(TEXTS),
        "short_title": draw(TEXTS),
        "language": "en",
        "assessment": draw(st.sampled_from(["ClinRO", "PRO"])),
        "summary": draw(TEXTS),
        "rules": draw(st.lists(TEXTS, max_size=2)),
        "scales": {"shared": draw(SCALES)},
        "sections": [{"key": key, "title": draw(TEXTS)} for key in ("two", "one") if key in used],
        "items": items,
        "totals": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "key": KEYS,
                        "label": TEXTS,
                        "items": st.lists(
                            st.sampled_from(keys), min_size=1, max_size=4, unique=True
                        ),
                        "weights": st.just({}),
                        "range": st.just([0, 1]),
                        "direction": st.sampled_from(["higher_worse", "higher_better"]),
                        "places": st.integers(0, 2),
                    }
                ),
                max_size=2,
                unique_by=lambda row: row["key"],
            )
        ),
        "rights": {
            "status": "open_reuse",
            "holder": draw(TEXTS),
            "source": draw(TEXTS),
            "date": date(2026, 11, 21),
        },
    }
