"""What the page of a certification result says beside the criteria, as far as the owner allows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape

from lms.modules.domain import Lean, Part, RatingResult, parts_told
from lms.modules.material import Material
from lms.modules.pages import Addresses, revisit_link
from lms.packages.domain import CertificationStep, Revisit
from lms.web.filters import as_is


@dataclass(frozen=True)
class LookAgain:
    """A part of the form to practise: how often it was outside, and where to read. No key."""

    label: str
    outside: int
    of: int
    lean: str
    url: str
    words: str


def look_again(
    material: Material, step: CertificationStep, result: RatingResult, *, to: Addresses
) -> list[LookAgain]:
    """Return the parts of the form that were outside, most often first, with where to read."""
    return [
        _shown(material, part, result, to)
        for part in parts_told(material.instrument, result, step.feedback)
    ]


def _shown(material: Material, part: Part, result: RatingResult, to: Addresses) -> LookAgain:
    url, words = _revisit_of(material, part, result, to)
    whole = part.of == result.items_of and len(part.titles) > 1
    return LookAgain(
        label=_("The whole form") if whole else _titles(part, material.content.language),
        outside=part.outside,
        of=part.of,
        lean={
            Lean.ABOVE: _("Most of them lie above the panel."),
            Lean.BELOW: _("Most of them lie below the panel."),
            Lean.BOTH: _("They lie on both sides of the panel."),
            Lean.NOT_TOLD: "",
        }[part.lean],
        url=url,
        words=words,
    )


def _titles(part: Part, language: str) -> str:
    return Markup(", ").join(escape(as_is(title, language)) for title in part.titles)


def _revisit_of(
    material: Material, part: Part, result: RatingResult, to: Addresses
) -> tuple[str, str]:
    """Return where the part is taught: of all its items, so that no link names those outside."""
    counted = Counter(_revisits(material, part, result))
    ranked = sorted(
        counted, key=lambda one: (-counted[one], one.step, one.slide or 0, one.at or 0.0)
    )
    return revisit_link(to, material.content, ranked[0] if ranked else None)


def _revisits(material: Material, part: Part, result: RatingResult) -> Iterable[Revisit]:
    for mark in result.cases:
        for item, revisit in material.cases[mark.case].revisit.items():
            if item in part.items:
                yield revisit
