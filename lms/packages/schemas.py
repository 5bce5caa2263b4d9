"""The shape of the files of a package: keys, kinds and limits. Unknown keys are refused.

The published JSON Schema is written from these classes, so every field says what it is.
"""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from lms.errors import N_
from lms.packages.domain.criteria import ICC_DECIDES_FROM, KAPPA_DECIDES_FROM
from lms.packages.domain.identity import FORMAT, is_slug, is_version
from lms.packages.domain.reference import PANEL_LEAST

REQUIRED = N_("This key is missing.")
NULL = N_("There is no value here.")
UNKNOWN = N_("This key is not known here.")
NOT_A_MAPPING = N_("Here should be keys with values.")
NOT_A_LIST = N_("Here should be a list.")
NOT_TEXT = N_("Here should be text. Put figures and the words true and false in quotes.")
NOT_WHOLE = N_("Here should be a whole number.")
NOT_A_FIGURE = N_("Here should be a figure.")
NOT_TRUE_OR_FALSE = N_("Here should be true or false.")
NOT_A_DATE = N_("Here should be a date such as 2026-11-01.")
NOT_A_MOMENT = N_("Here should be a moment with its zone, such as 2026-11-21T10:42:00+00:00.")
EMPTY = N_("Here should be something.")
NOT_A_KEY = N_("Here should be small letters, digits, - and _.")

RIGHTS = ("open_reuse", "permission_required", "unresolved", "external_only")
SEVERITIES = ("mild", "moderate", "severe")
FEEDBACK = ("items", "criteria", "domains", "direction")
QUESTION_KINDS = ("one", "several", "number")
METHODS = ("median", "mode", "mean", "stated")
INTERVALS = ("t_interval", "range")
ICC_FORMS = ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,1)", "ICC(2,1)", "ICC(3,1)")
ICC_LEAST_CASES = 10
KAPPA_LEAST_PAIRS = 30
# Marks before bounds that only the validator knows; the reader makes sentences of them.
CHOICES = "choices:"
ENTRIES = "entries:"
FIGURE = "figure:"
LENGTH = "length:"

_COMMON: dict[str, Any] = {"required": REQUIRED, "null": NULL, "validator_failed": EMPTY}


def _meta(description: str, **more: Any) -> dict[str, Any]:
    return {"description": description, **more}


def _errors(invalid: str) -> dict[str, Any]:
    return {**_COMMON, "invalid": invalid}


class Text(fields.String):
    """Text that is not empty."""

    def __init__(
        self, description: str, *, longest: int = 20_000, empty: bool = False, **more: Any
    ) -> None:
        pattern = more.pop("pattern", None)
        checks = [
            validate.Length(min=0 if empty else 1, max=longest, error=LENGTH + "{min}:{max}"),
            *more.pop("checks", []),
        ]
        super().__init__(
            metadata=_meta(description, **({"pattern": pattern} if pattern else {})),
            error_messages=_errors(NOT_TEXT),
            validate=checks,
            **more,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).strip()


class Key(Text):
    """A name that other places of the package refer to."""

    def __init__(self, description: str, **more: Any) -> None:
        check = validate.Regexp(r"^[a-z0-9][a-z0-9_-]*$", error=NOT_A_KEY)
        super().__init__(description, longest=80, checks=[check], **more)


class FilePath(Text):
    """A path from the package's root, with /."""

    def __init__(self, description: str, *, endings: tuple[str, ...], **more: Any) -> None:
        anycase = ("".join(_any_case(c) for c in ending) for ending in endings)
        pattern = r"^[^/\\].*\.(" + "|".join(anycase) + ")$"
        check = validate.Regexp(
            pattern, error=N_("Here should be the path of a file of a kind that is allowed here.")
        )
        super().__init__(description, longest=200, checks=[check], **more)


def _any_case(sign: str) -> str:
    return f"[{sign}{sign.upper()}]" if sign.isalpha() else sign


class Whole(fields.Integer):
    """A whole number, written as one: 3, not 3.0 or "3"."""

    def __init__(self, description: str, *, least: int, most: int, **more: Any) -> None:
        super().__init__(
            strict=True,
            metadata=_meta(description),
            error_messages=_errors(NOT_WHOLE),
            validate=validate.Range(min=least, max=most, error=FIGURE + "{min}:{max}"),
            **more,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Figure(fields.Field[Decimal]):
    """An exact decimal figure."""

    def __init__(
        self,
        description: str,
        *,
        least: Decimal | None = None,
        most: Decimal | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            metadata=_meta(description),
            error_messages=_errors(NOT_A_FIGURE),
            validate=validate.Range(min=least, max=most, error=FIGURE + "{min}:{max}"),
            **more,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.make_error("invalid")
        return Decimal(value)


class YesNo(fields.Boolean):
    """true or false, no other word."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(
            metadata=_meta(description), error_messages=_errors(NOT_TRUE_OR_FALSE), **more
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Day(fields.Field[str]):
    """A date in ISO 8601; kept as text."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(metadata=_meta(description), error_messages=_errors(NOT_A_DATE), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
                raise ValueError(value)
            return datetime.date.fromisoformat(str(value)).isoformat()
        except ValueError as error:
            raise self.make_error("invalid") from error


class Many(fields.List[Any]):
    """A list with bounds on its length."""

    def __init__(
        self, inner: Any, description: str, *, least: int = 0, most: int = 500, **more: Any
    ) -> None:
        super().__init__(
            inner,
            metadata=_meta(description),
            error_messages=_errors(NOT_A_LIST),
            validate=validate.Length(min=least, max=most, error=ENTRIES + "{min}:{max}"),
            **more,
        )


class One(fields.Nested):
    """A mapping of its own."""

    def __init__(self, schema: type[Schema], description: str, **more: Any) -> None:
        super().__init__(
            schema,
            metadata=_meta(description),
            error_messages={**_COMMON, "type": NOT_A_MAPPING},
            **more,
        )


class ByItem(fields.Dict):
    """A mapping from an item's key to something."""

    def __init__(self, inner: Any, description: str, **more: Any) -> None:
        super().__init__(
            keys=fields.String(),
            values=inner,
            metadata=_meta(description),
            error_messages=_errors(NOT_A_MAPPING),
            **more,
        )


class Anything(fields.Raw):
    """A value that the instrument judges."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(
            metadata=_meta(description), error_messages=_COMMON, allow_none=True, **more
        )


class Strict(Schema):
    """The parent of every schema: unknown keys are refused."""

    error_messages = {"type": NOT_A_MAPPING, "unknown": UNKNOWN}

    class Meta:
        unknown = RAISE


def _one_of(words: tuple[str, ...], description: str, **more: Any) -> fields.String:
    return fields.String(
        metadata=_meta(description),
        error_messages=_errors(NOT_TEXT),
        validate=validate.OneOf(words, error=CHOICES + "{choices}"),
        **more,
    )


def _check_slug(value: str) -> None:
    if not is_slug(value):
        raise ValidationError(N_("Here should be small letters, digits and single hyphens."))


def _check_version(value: str) -> None:
    if not is_version(value):
        raise ValidationError(N_('Here should be two or three figures in quotes, such as "1.0".'))


def _check_language(value: str) -> None:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise ValidationError(N_("Here should be a language tag (BCP 47) such as en or pt-BR."))


def _check_moment(value: str) -> None:
    try:
        known = datetime.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        known = False
    if not known:
        raise ValidationError(NOT_A_MOMENT)


class AuthorSchema(Strict):
    name = Text("The author's name.", longest=200, required=True)
    affiliation = Text("Where the author works.", longest=200, load_default="")


class RightsSchema(Strict):
    holder = Text("Who holds the rights in the instrument's wording.", longest=300, required=True)
    status = _one_of(RIGHTS, "What the holder allows, as far as is known.", required=True)
    source = Text("Where that is written.", longest=500, required=True)
    date = Day("When the source was read, as 2026-11-01.", required=True)
    note = Text("What else a reader should know.", longest=2000, load_default="")


class ValiditySchema(Strict):
    """Of several ends the earliest counts."""

    months = Whole(
        "After how many months it ends.", least=1, most=120, load_default=None, allow_none=True
    )
    end_of_month = YesNo(
        "true = it holds on to the last day of the month in which it would end.",
        load_default=False,
    )
    keep_anniversary_months = Whole(
        "A renewal so many months or fewer before the end counts from that end; 0 = from its own "
        "day.",
        least=0,
        most=120,
        load_default=0,
    )
    while_trial_open = YesNo(
        "true = it ends on the day on which the trial that asks for it closes.",
        load_default=False,
    )


class CertificateSchema(Strict):
    title = Text("What the certificate says the holder is.", longest=120, required=True)
    level = Text("The level, in words.", longest=120, required=True)
    valid_months = Whole(
        "Short for validity with months alone; both left out = it does not end.",
        least=1,
        most=120,
        load_default=None,
        allow_none=True,
    )
    validity = One(ValiditySchema, "By which rule it ends.", load_default=None, allow_none=True)
    renewal = Many(
        Key("Key of a step."),
        "The steps that a renewal asks for again; left out = all of them.",
        least=1,
        most=100,
        load_default=None,
        allow_none=True,
    )


class AfterFailSchema(Strict):
    redo = Many(
        Key("Key of an earlier step."),
        "Earlier steps that must be done again before the next try.",
        least=1,
        most=50,
        required=True,
    )


class DrawSchema(Strict):
    pool = FilePath("The pool's file.", endings=("yaml", "yml"), required=True)
    count = Whole("How many questions are drawn from it.", least=1, most=200, required=True)


class ItemAcceptSchema(Strict):
    """What counts as right for an item in every case, instead of the tolerance."""

    below = Figure(
        "Points below the reference that are right still.", least=Decimal(0), load_default=None
    )
    above = Figure(
        "Points above the reference that are right still.", least=Decimal(0), load_default=None
    )
    same = Many(
        Many(Anything("A value of the item."), "Values that count as one.", least=2, most=50),
        "Sets of values that count as one another.",
        most=50,
        load_default=list,
    )
    zero_or_na = YesNo("true = 0 and NA count as one another.", load_default=False)


class ItemCriterionSchema(Strict):
    tolerance = Figure(
        "Greatest distance from the reference, in points.", least=Decimal(0), required=True
    )
    items = Whole(
        "How many items of a case must be within it; or say percent.",
        least=1,
        most=500,
        load_default=None,
    )
    percent = Figure(
        "Which percentage of a case's items must be within it; or say items.",
        least=Decimal(1),
        most=Decimal(100),
        load_default=None,
    )
    per_item = ByItem(
        Figure("Tolerance of this item.", least=Decimal(0)),
        "Tolerances of single items, by item key.",
        load_default=dict,
    )
    accept = ByItem(
        fields.Nested(ItemAcceptSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "What else is right for single items, by item key.",
        load_default=dict,
    )


class TotalCriterionSchema(Strict):
    total = Key("Key of one of the instrument's totals.", required=True)
    tolerance = Figure(
        "Greatest distance from the reference total, in its points; or say percent.",
        least=Decimal(0),
        load_default=None,
    )
    percent = Figure(
        "The same as a percentage of the total's range; or say tolerance.",
        least=Decimal(0),
        most=Decimal(100),
        load_default=None,
    )


class IntervalCriterionSchema(Strict):
    total = Key("Key of one of the instrument's totals.", required=True)
    method = _one_of(
        INTERVALS, "The t interval of the experts' mean, or the range of experts.", required=True
    )
    confidence = Figure(
        "Confidence of the t interval, 0.5 to 0.999.",
        least=Decimal("0.5"),
        most=Decimal("0.999"),
        load_default=Decimal("0.95"),
    )


class FlagCriterionSchema(Strict):
    at_most = Whole(
        "How many flags the instrument's rules of consistency may raise in a case.",
        least=0,
        most=500,
        required=True,
    )


class ChangeCriterionSchema(Strict):
    total = Key("Key of one of the instrument's totals.", required=True)
    tolerance = Figure(
        "How far the change since the initial visit may be from the reference's, in its points.",
        least=Decimal(0),
        required=True,
    )


class BiasCriterionSchema(Strict):
    total = Key("Key of one of the instrument's totals.", required=True)
    at_most = Figure(
        "Greatest mean difference from the reference, in either direction.",
        least=Decimal(0),
        required=True,
    )
    limits = Figure(
        "Within how many points of 0 the 95 % limits of agreement must lie.",
        least=Decimal(0),
        load_default=None,
    )


class IccCriterionSchema(Strict):
    form = _one_of(ICC_FORMS, "Which intraclass correlation, by its name.", required=True)
    total = Key("A total; left out = the items pooled.", load_default=None)
    at_least = Figure("Least value.", least=Decimal(0), most=Decimal(1), required=True)
    decides_from = Whole(
        "From how many cases on it decides; below it informs.",
        least=ICC_LEAST_CASES,
        most=10_000,
        load_default=ICC_DECIDES_FROM,
    )


class KappaCriterionSchema(Strict):
    weights = _one_of(("linear", "quadratic"), "How disagreements count.", required=True)
    at_least = Figure("Least value.", least=Decimal(0), most=Decimal(1), required=True)
    items = Many(
        Key("An item with levels."),
        "Items that are pooled; left out = all with levels.",
        least=1,
        load_default=None,
    )
    decides_from = Whole(
        "From how many pooled ratings on it decides; below it informs.",
        least=KAPPA_LEAST_PAIRS,
        most=100_000,
        load_default=KAPPA_DECIDES_FROM,
    )


class PanelLimitSchema(Strict):
    """From which disagreement of its panel on an item of a case cannot fail anybody."""

    share = Figure(
        "Greatest spread as a share of the item's range, 0 to 1.",
        least=Decimal(0),
        most=Decimal(1),
        load_default=None,
    )
    points = Figure("Greatest spread in points.", least=Decimal(0), load_default=None)
    dissent = Figure(
        "Greatest share of the panel off its most frequent answer, 0 to 1, for items without "
        "points and for NA.",
        least=Decimal(0),
        most=Decimal(1),
        load_default=None,
    )


class CriteriaSchema(Strict):
    item_within = One(
        ItemCriterionSchema, "How many items must be near the reference.", load_default=None
    )
    total_within = One(
        TotalCriterionSchema, "How near a total must be to the reference.", load_default=None
    )
    expert_interval = One(
        IntervalCriterionSchema,
        "A total must lie inside the interval of the experts' totals.",
        load_default=None,
    )
    critical = Many(Key("An item."), "Items that must be exact.", load_default=list)
    flags = One(FlagCriterionSchema, "How often a rating may contradict itself.", load_default=None)
    change_within = One(
        ChangeCriterionSchema,
        "How near the change from visit to visit must be to the reference's.",
        load_default=None,
    )
    cases = Whole(
        "In how many cases of the form every criterion of a case must be met together.",
        least=1,
        most=200,
        load_default=None,
    )
    bias = One(BiasCriterionSchema, "Mean difference of a total over the form.", load_default=None)
    icc = One(IccCriterionSchema, "Intraclass correlation over the form.", load_default=None)
    weighted_kappa = One(
        KappaCriterionSchema, "Weighted kappa over the form's pooled items.", load_default=None
    )
    panel_limit = One(
        PanelLimitSchema, "Items on which the panel disagrees more do not count.", load_default=None
    )
    minimum_cases = Whole("How many cases a form must hold.", least=1, most=200, load_default=None)
    severities = Many(
        _one_of(SEVERITIES, "A severity of which every form must hold a case."),
        "Severities that every form must hold.",
        most=3,
        load_default=list,
    )


class LevelSchema(Strict):
    key = Key("The level's key.", required=True)
    title = Text("The level's name, which the certificate says.", longest=120, required=True)
    criteria = One(CriteriaSchema, "When a try reaches the level.", required=True)


class CaseFormSchema(Strict):
    key = Key("The form's key.", required=True)
    cases = Text("Folder with the form's cases.", longest=200, required=True)
    repeats = Whole(
        "How many of them are shown a second time; the second scores do not count.",
        least=0,
        most=200,
        load_default=0,
    )


class StepSchema(Strict):
    key = Key("The step's key, unique in the package.", required=True)
    kind = fields.String(required=True, metadata=_meta("The kind of step."), error_messages=_COMMON)
    title = Text("The step's title.", longest=120, required=True)
    minutes = Whole("About how long it takes.", least=1, most=10_000, load_default=0)


class TextStepSchema(StepSchema):
    """A lesson to read."""

    file = FilePath("The lesson in Markdown.", endings=("md",), required=True)


class SlidesStepSchema(StepSchema):
    """A slide deck."""

    file = FilePath("The deck as PDF.", endings=("pdf",), required=True)
    notes = FilePath(
        "Markdown with one section a slide: ## 1, ## 2 and so on.",
        endings=("md",),
        load_default=None,
    )


class VideoStepSchema(StepSchema):
    """A film with captions."""

    file = FilePath("The film.", endings=("mp4", "webm"), required=True)
    captions = FilePath("Its captions as WebVTT.", endings=("vtt",), required=True)
    poster = FilePath(
        "The picture that is shown before it plays.",
        endings=("svg", "png", "jpg", "jpeg", "webp"),
        load_default=None,
    )
    required_share = Figure(
        "Share of its length that must be watched, 0 to 1.",
        least=Decimal(0),
        most=Decimal(1),
        load_default=Decimal("0.95"),
    )


class PracticeStepSchema(StepSchema):
    """Cases with feedback."""

    cases = Text("Folder with the cases.", longest=200, required=True)
    required = Whole("How many cases must be scored.", least=1, most=200, required=True)


class _Tries(StepSchema):
    attempts = Whole(
        "How many tries there are; left out = no limit.",
        least=1,
        most=100,
        load_default=None,
        allow_none=True,
    )
    wait_hours = Whole("How long to wait between tries.", least=0, most=10_000, load_default=0)
    after_fail = One(
        AfterFailSchema, "What comes after a try that did not pass.", load_default=None
    )


class QuizStepSchema(_Tries):
    """Questions drawn from pools."""

    draw = Many(
        fields.Nested(DrawSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "From which pools how many questions are drawn.",
        least=1,
        most=50,
        required=True,
    )
    pass_mark = Whole(
        "Right answers needed, of all that are drawn.", least=1, most=2000, required=True
    )
    time_limit_minutes = Whole(
        "Time for one try; left out = no limit.",
        least=1,
        most=1440,
        load_default=None,
        allow_none=True,
    )


class CertificationStepSchema(_Tries):
    """Cases of a form not seen before, without feedback."""

    forms = Many(
        fields.Nested(CaseFormSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "Forms with different cases; every try takes one not seen before.",
        least=1,
        most=20,
        required=True,
    )
    criteria = One(CriteriaSchema, "When a try passes; or say levels.", load_default=None)
    levels = Many(
        fields.Nested(LevelSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "Levels from the strictest to the mildest; the highest that is met counts.",
        most=10,
        load_default=list,
    )
    feedback = _one_of(
        FEEDBACK,
        "What the result tells beside the criteria: nothing, how often items, or parts of the"
        " form, were outside, or also on which side.",
        load_default="items",
    )


class ChartSchema(Strict):
    """How drift is found; what is left out is the usual chart of its kind."""

    kind = _one_of(("ewma", "cusum"), "An average that fades, or a sum.", required=True)
    weight = Figure(
        "ewma: weight of the newest case.",
        least=Decimal("0.01"),
        most=Decimal(1),
        load_default=Decimal("0.25"),
    )
    width = Figure(
        "ewma: how many deviations of the average its limits are away.",
        least=Decimal("0.5"),
        most=Decimal(10),
        load_default=Decimal("2.998"),
    )
    slack = Figure(
        "cusum: how many spreads a case may be off before it counts.",
        least=Decimal(0),
        most=Decimal(5),
        load_default=Decimal("0.5"),
    )
    limit = Figure(
        "cusum: the limit of either sum, in spreads.",
        least=Decimal("0.5"),
        most=Decimal(50),
        load_default=Decimal(4),
    )


class CalibrationSchema(Strict):
    """Cases for certified raters."""

    title = Text("What it is called.", longest=120, load_default="Calibration")
    cases = Text("Folder with the cases.", longest=200, required=True)
    count = Whole("How many cases are scored each time.", least=1, most=20, required=True)
    every_weeks = Whole(
        "After how many weeks the next ones are due.", least=1, most=104, required=True
    )
    grace_weeks = Whole(
        "How many weeks after that they are late.", least=0, most=52, load_default=4
    )
    minutes = Whole("About how long one time takes.", least=1, most=600, load_default=15)
    total = Key("The total whose differences are followed.", required=True)
    spread = Figure(
        "One standard deviation of a typical rater, in the total's points; left out = the panels'.",
        least=Decimal("0.001"),
        load_default=None,
        allow_none=True,
    )
    chart = One(ChartSchema, "How drift is found.", load_default=None)
    redo = ByItem(
        fields.List(Key("Key of a step."), metadata=_meta("Steps of the path.")),
        "What is done again on drift, by section of the instrument; left out = the practice and "
        "what the cases name under revisit.",
        load_default=dict,
    )


class RulesSchema(Strict):
    """What somebody asks "what if" of: criteria or levels, and other references."""

    criteria = One(CriteriaSchema, "When a try passes; or say levels.", load_default=None)
    levels = Many(
        fields.Nested(LevelSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "Levels from the strictest to the mildest; the highest that is met counts.",
        most=10,
        load_default=list,
    )
    references = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Raw()),
        load_default=dict,
        error_messages=_COMMON,
        metadata=_meta("By case and item, another reference."),
    )


class QuizRulesSchema(Strict):
    """What somebody asks "what if" of a quiz: another required mark, and other right answers."""

    pass_mark = Whole(
        "Right answers needed, of all that are drawn.", least=1, most=2000, load_default=None
    )
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        load_default=dict,
        error_messages=_COMMON,
        metadata=_meta("By question, what is right: a choice, a list of choices, or a figure."),
    )


STEPS: dict[str, type[StepSchema]] = {
    "text": TextStepSchema,
    "slides": SlidesStepSchema,
    "video": VideoStepSchema,
    "practice": PracticeStepSchema,
    "quiz": QuizStepSchema,
    "certification": CertificationStepSchema,
}


@cache
def made(schema: type[Schema]) -> Schema:
    """Return a schema to load with; to make one costs more than to load a file with it."""
    return schema()


class StepField(fields.Field[dict[str, Any]]):
    """A step: its `kind` says which other keys it has."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(NOT_A_MAPPING)
        if "kind" not in value:
            raise ValidationError({"kind": [REQUIRED]})
        schema = STEPS.get(value["kind"]) if isinstance(value["kind"], str) else None
        if schema is None:
            raise ValidationError({"kind": [CHOICES + ", ".join(STEPS)]})
        loaded: dict[str, Any] = made(schema).load(value)
        return loaded


class PackageSchema(Strict):
    """package.yaml"""

    format = fields.String(
        required=True,
        metadata=_meta("The format's name and version."),
        error_messages=_errors(NOT_TEXT),
        validate=validate.Equal(FORMAT, error=N_("Here should be concord-package/1.")),
    )
    slug = Text(
        "The package's name in addresses: small letters, digits, hyphens.",
        longest=60,
        required=True,
        checks=[_check_slug],
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
    )
    version = Text(
        'The release\'s version, in quotes: "1.0".',
        longest=20,
        required=True,
        checks=[_check_version],
        pattern=r"^[0-9]+(\.[0-9]+){1,2}$",
    )
    title = Text("The module's title.", longest=120, required=True)
    summary = Text("One sentence for the catalogue.", longest=400, required=True)
    language = Text("The content's language.", longest=35, required=True, checks=[_check_language])
    authors = Many(
        fields.Nested(AuthorSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "Who wrote it.",
        least=1,
        most=50,
        required=True,
    )
    minutes = Whole("About how long all of it takes.", least=1, most=100_000, required=True)
    objectives = Many(
        Text("An objective.", longest=400),
        "What a trainee can do afterwards.",
        least=1,
        most=30,
        required=True,
    )
    demonstration = YesNo(
        "true = shown as a demonstration, and so are its certificates.", load_default=False
    )
    rights = One(RightsSchema, "Whose the instrument is.", required=True)
    licence = Text("The licence of the content itself.", longest=100, required=True)
    instrument = Text(
        "A library instrument such as mmt8_80@1.0, or a file of the package: instrument.yaml.",
        longest=200,
        required=True,
    )
    certificate = One(CertificateSchema, "What passing gives.", required=True)
    steps = Many(
        StepField(metadata=_meta("A step."), error_messages=_COMMON),
        "The path, in order; a step opens when all before it are done.",
        least=1,
        most=100,
        required=True,
    )
    calibration = One(
        CalibrationSchema,
        "Cases that certified raters score now and then, to find drift.",
        load_default=None,
    )


class RevisitSchema(Strict):
    step = Key("Key of the step to look at again.", required=True)
    slide = Whole("Number of the slide, from 1.", least=1, most=1000, load_default=None)
    at = Text('Time in the film, "0:24" or "1:02:03", in quotes.', longest=12, load_default=None)


class OptionSchema(Strict):
    text = Text("The choice, in Markdown.", longest=2000, required=True)
    correct = YesNo("true = right.", load_default=False)
    feedback = Text("Shown after submission to whom chose it.", longest=2000, load_default="")


class NumberAnswerSchema(Strict):
    value = Figure("The right figure.", required=True)
    tolerance = Figure("How far off is still right.", least=Decimal(0), load_default=Decimal(0))


class QuestionSchema(Strict):
    key = Key("The question's key, unique in the package.", required=True)
    kind = _one_of(QUESTION_KINDS, "One right choice, several, or a figure.", required=True)
    text = Text("The question, in Markdown.", required=True)
    figure = FilePath(
        "A picture for it.", endings=("svg", "png", "jpg", "jpeg", "webp"), load_default=None
    )
    alt = Text("What the picture shows, for who cannot see it.", longest=1000, load_default=None)
    options = Many(
        fields.Nested(OptionSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "The choices.",
        least=2,
        most=20,
        load_default=None,
    )
    answer = One(NumberAnswerSchema, "The right figure.", load_default=None)
    explanation = Text("Why, in Markdown; shown after submission.", load_default="")
    revisit = One(RevisitSchema, "Where it is taught.", load_default=None)


class PoolSchema(Strict):
    """questions/<pool>.yaml"""

    pool = Key("The pool's key.", required=True)
    title = Text("What its questions are about.", longest=120, required=True)
    questions = Many(
        fields.Nested(QuestionSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "The questions.",
        least=1,
        most=1000,
        required=True,
    )


_SEEN = ("svg", "png", "jpg", "jpeg", "webp", "mp4", "webm")


class MediaSchema(Strict):
    file = FilePath("A picture or film.", endings=_SEEN, required=True)
    alt = Text("What it shows, for who cannot see it.", longest=1000, required=True)
    caption = Text("A line below it.", longest=500, load_default="")
    captions = FilePath("A film's captions as WebVTT.", endings=("vtt",), load_default=None)


class CaseFindingSchema(Strict):
    item = Text("The item it is about.", longest=80, load_default=None)
    heading = Text("A heading, where it is about no item.", longest=120, load_default=None)
    text = Text("What is seen, in Markdown.", required=True)
    file = FilePath(
        "A picture of it.", endings=("svg", "png", "jpg", "jpeg", "webp"), load_default=None
    )
    alt = Text("What the picture shows.", longest=1000, load_default=None)


class PanelRaterSchema(Strict):
    rater = Text("Who rated, without a name: Panel 1.", longest=80, required=True)
    ratings = ByItem(
        Anything("The rating, as the item takes it; NA = not assessed."),
        "One rating for each item, by item key.",
        required=True,
    )


class SignedSchema(Strict):
    by = Text("The printed name of who signed the reference.", longest=200, required=True)
    at = Text(
        "When, as 2026-11-21T10:42:00+00:00 in quotes.",
        longest=40,
        required=True,
        checks=[_check_moment],
    )
    method = Text("The panel's method: median, mode, mean, adjudicated.", longest=20, required=True)
    raters = Whole("How many rated the case.", least=1, most=100, required=True)
    version = Whole(
        "Which version of the panel's reference it is.", least=1, most=10_000, required=True
    )
    digest = Text("SHA-256 of what was signed.", longest=64, required=True)


class ReferenceSchema(Strict):
    method = _one_of(METHODS, "How the reference comes from the panel.", load_default="median")
    tie = _one_of(
        ("low", "high"),
        "Which of two middle levels is the median of an even panel.",
        load_default="low",
    )
    values = ByItem(
        Anything("The reference rating."),
        "The reference itself, with method stated.",
        load_default=None,
    )
    cannot_fail = Many(
        Text("An item's key.", longest=80),
        "Items on which the panel disagrees too much to fail anybody.",
        load_default=list,
    )
    signed = One(
        SignedSchema,
        "Where a panel in the product made the reference: who signed it, and how it came about.",
        load_default=None,
    )


class TrapSchema(Strict):
    item = Text("The item it is about.", longest=80, load_default=None)
    text = Text("What is easily missed, in Markdown.", longest=4000, required=True)


class CaseAcceptSchema(Strict):
    """What is right for an item in this case: several values, or a range."""

    values = Many(
        Anything("A value of the item, or NA."), "Values that are right.", load_default=list
    )
    low = Figure("Least points that are right.", data_key="from", load_default=None)
    high = Figure("Most points that are right.", data_key="to", load_default=None)


class CaseSchema(Strict):
    """cases/<folder>/<key>.yaml"""

    key = Key("The case's key, unique in the package.", required=True)
    title = Text("The case in a line, without its scores.", longest=160, required=True)
    severity = _one_of(SEVERITIES, "How affected the person is.", load_default=None)
    follows = Key(
        "Key of the initial visit in the same folder, of which this case is the follow-up.",
        load_default=None,
    )
    media = Many(
        fields.Nested(MediaSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "Pictures and films.",
        most=50,
        load_default=list,
    )
    text = Text("The vignette, in Markdown.", required=True)
    findings = Many(
        fields.Nested(CaseFindingSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "What is seen, item by item.",
        load_default=list,
    )
    panel = Many(
        fields.Nested(PanelRaterSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "The raters whose ratings make the reference; five or more. "
        "A draft may leave it out: the case then waits for its panel.",
        least=PANEL_LEAST,
        most=100,
        load_default=None,
    )
    reference = One(ReferenceSchema, "How the reference is made.", load_default=None)
    accept = ByItem(
        fields.Nested(CaseAcceptSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "What else is right than the reference, by item key; takes the tolerance's place.",
        load_default=dict,
    )
    rationale = ByItem(
        Text("Why the reference is what it is, in Markdown.", longest=4000),
        "One for each item, by item key.",
        required=True,
    )
    traps = Many(
        fields.Nested(TrapSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "What is easily missed in this case.",
        load_default=list,
    )
    revisit = ByItem(
        fields.Nested(RevisitSchema, error_messages={**_COMMON, "type": NOT_A_MAPPING}),
        "Where to look again, by item key.",
        load_default=dict,
    )
