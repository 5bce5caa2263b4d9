"""Shape of a definition file: which keys it has and of what type. Unknown keys are refused."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from lms.errors import N_
from lms.instruments.domain import (
    FORMAT,
    Assessment,
    Check,
    Combine,
    Direction,
    NaPolicy,
    Problem,
    RightsStatus,
    Side,
)
from lms.instruments.domain.definition import Path
from lms.instruments.domain.figures import exact

KEY = validate.Regexp(
    r"^[a-z][a-z0-9_]{0,59}\Z",
    error=N_("Use small letters, digits and _, beginning with a letter."),
)
NOT_EMPTY = validate.Length(min=1, max=2000, error=N_("Write 1 to 2000 characters here."))
_UNKNOWN = N_("This key is not known here. Correct its spelling or take it away.")
_MISSING = N_("This key is missing.")
_MAPPING = N_("Write keys and values here, one a line.")


def _one_of(values: Any) -> validate.OneOf:
    return validate.OneOf([value.value for value in values], error=N_("Choose one of: {choices}."))


def _said(invalid: str) -> dict[str, Any]:
    """What a field says: that its key is missing, or what to write instead."""
    return {"required": _MISSING, "null": invalid, "invalid": invalid, "type": invalid}


class Text(fields.String):
    """Text that is not empty; a figure must be in quotes."""

    invalid = N_("Write text here, in quotes if it looks like a figure.")

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("validate", NOT_EMPTY)
        super().__init__(error_messages=_said(self.invalid), **settings)


class Kept(fields.Field[Any]):
    """A value that is kept as it was written, once it is of the right kind."""

    invalid: ClassVar[str]

    def __init__(self, **settings: Any) -> None:
        super().__init__(error_messages=_said(self.invalid), **settings)

    def accepts(self, value: Any) -> bool:
        raise NotImplementedError

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not self.accepts(value):
            raise self.make_error("invalid")
        return value


class Flag(Kept):
    """true or false, and nothing that only looks like it."""

    invalid = N_("Write true or false.")

    def accepts(self, value: Any) -> bool:
        return isinstance(value, bool)


class Figure(Kept):
    """A figure that can be read exactly."""

    invalid = N_("Write a figure here.")

    def accepts(self, value: Any) -> bool:
        return exact(value) is not None


class Whole(Kept):
    """A whole figure of 0 or more."""

    invalid = N_("Write a whole figure of 0 or more.")

    def accepts(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999


class OrSetting(Kept):
    """A value that the definition gives itself, or {setting: key}."""

    def accepts(self, value: Any) -> bool:
        if isinstance(value, Mapping):
            return set(value) == {"setting"} and isinstance(value["setting"], str)
        return self.accepts_itself(value)

    def accepts_itself(self, value: Any) -> bool:
        raise NotImplementedError


class WholeOrSetting(OrSetting):
    """A whole figure, or the setting that says it."""

    invalid = N_("Write a whole figure of 0 or more, or setting: and its key.")

    def accepts_itself(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999


class CombineOrSetting(OrSetting):
    """How several items become one figure, or the setting that says it."""

    invalid = N_("Write sum, highest or mean, or setting: and its key.")

    def accepts_itself(self, value: Any) -> bool:
        return value in ("sum", "highest", "mean")


class Code(Kept):
    """A whole figure, or a short word of letters and digits."""

    invalid = N_("A code is a whole figure or 1 to 20 letters, digits, - or _.")

    def accepts(self, value: Any) -> bool:
        if isinstance(value, str):
            return re.fullmatch(r"[A-Za-z0-9_-]{1,20}", value) is not None
        return isinstance(value, int) and not isinstance(value, bool)


class Day(Kept):
    """A day as 2026-11-21, with or without quotes."""

    invalid = N_("Write a day as year-month-day, such as 2026-11-21.")

    def accepts(self, value: Any) -> bool:
        if isinstance(value, str):
            try:
                date.fromisoformat(value)
            except ValueError:
                return False
            return True
        return type(value) is date


class Rows(fields.List[Any]):
    """A list, each row by its own schema."""

    def __init__(self, inner: Any, **settings: Any) -> None:
        super().__init__(inner, error_messages=_said(N_("Write a list here.")), **settings)


class Shape(Schema):
    """A mapping whose unknown keys are refused."""

    error_messages = {"unknown": _UNKNOWN, "type": _MAPPING}

    class Meta:
        unknown = RAISE


class Inner(fields.Nested):
    """A mapping inside a mapping."""

    def __init__(self, schema: type[Schema], **settings: Any) -> None:
        super().__init__(schema, error_messages=_said(_MAPPING), **settings)


def _rows(schema: type[Schema], *, least: int = 1, **settings: Any) -> Rows:
    few = validate.Length(min=least, max=200, error=N_("Write {min} to {max} rows here."))
    return Rows(Inner(schema), validate=few, **settings)


_SOME = validate.Length(min=1, max=200, error=N_("Write {min} to {max} rows here."))


class LevelShape(Shape):
    code = Code(required=True)
    anchor = Text(required=True)
    value = Figure(allow_none=True)


class LevelsShape(Shape):
    levels = _rows(LevelShape, least=2, required=True)


class NumberShape(Shape):
    minimum = Figure(required=True)
    maximum = Figure(required=True)
    step = Figure()
    unit = Text(validate=validate.Length(max=40))


class VasShape(Shape):
    left = Text(required=True)
    right = Text(required=True)


class BandShape(Shape):
    start = Figure(required=True, data_key="from")
    code = Whole(required=True)


class SecondsShape(Shape):
    bands = _rows(BandShape, least=2, required=True)
    maximum = Figure(required=True)
    step = Figure()


class YesNoPointsShape(Shape):
    yes = Figure(required=True, allow_none=True)
    no = Figure(required=True, allow_none=True)


class YesNoShape(Shape):
    points = Inner(YesNoPointsShape)


class OptionShape(Shape):
    code = Code(required=True)
    label = Text(required=True)
    points = Figure(allow_none=True)


class ChoiceShape(Shape):
    options = _rows(OptionShape, least=2, required=True)


class PartShape(Shape):
    key = Text(required=True, validate=KEY)
    label = Text(required=True)
    points = Figure()


class PartsShape(Shape):
    parts = _rows(PartShape, least=2, required=True)


KINDS: dict[str, type[Shape]] = {
    "levels": LevelsShape,
    "number": NumberShape,
    "vas": VasShape,
    "seconds": SecondsShape,
    "yes_no": YesNoShape,
    "choice": ChoiceShape,
    "parts": PartsShape,
}


class ItemShape(Shape):
    key = Text(required=True, validate=KEY)
    label = Text(required=True)
    section = Text(validate=KEY)
    hint = Text()
    side = Text(validate=_one_of(Side))
    row = Text(validate=KEY)
    column = Text(validate=KEY)
    other_side = Flag()
    na = Flag()
    na_reason_required = Flag()
    optional = Flag()


class NamedScaleShape(Shape):
    scale = Text(required=True, validate=KEY)


class ByKind(fields.Field[Any]):
    """A mapping whose `kind` says which further keys it has.

    Args:
        base: the keys that it has whatever its kind.
        named: whether `scale` may stand in place of `kind` and its keys.
    """

    def __init__(self, base: type[Shape], *, named: bool = False, **settings: Any) -> None:
        super().__init__(error_messages=_said(_MAPPING), **settings)
        self.base, self._named = base, named

    def schema_of(self, kind: str) -> type[Schema]:
        """The whole schema of one kind."""
        return _of_kind(kind, self.base)

    def named_schema(self) -> type[Schema]:
        """The schema of an item that names a shared scale."""
        return _with_scale(self.base)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("type")
        if self._named and "scale" in value:
            return _made(self.named_schema()).load(value)
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            raise ValidationError(
                {"kind": [N_("Choose one of: {choices}.").format(choices=", ".join(KINDS))]}
            )
        return _made(self.schema_of(kind)).load(value)


@cache
def _of_kind(kind: str, base: type[Shape]) -> type[Schema]:
    return type(f"{kind}_{base.__name__}", (KINDS[kind], base), {"kind": Text(required=True)})


@cache
def _with_scale(base: type[Shape]) -> type[Schema]:
    return type(f"scale_{base.__name__}", (base, NamedScaleShape), {})


@cache
def _made(schema: type[Schema]) -> Schema:
    """Return a schema to load with; to make one costs more than to load an item with it."""
    return schema()


class LineShape(Shape):
    key = Text(required=True, validate=KEY)
    label = Text(required=True)


class SectionShape(Shape):
    key = Text(required=True, validate=KEY)
    title = Text(required=True)
    hint = Text(validate=validate.Length(max=2000))
    rows = _rows(LineShape)
    columns = _rows(LineShape)


class SettingOptionShape(Shape):
    code = Code(required=True)
    label = Text(required=True)


class SettingShape(Shape):
    key = Text(required=True, validate=KEY)
    label = Text(required=True)
    value = Code(required=True)
    options = _rows(SettingOptionShape, least=2)


class ConditionShape(Shape):
    setting = Text(required=True, validate=KEY)
    value = Code(required=True, data_key="is")


class RuleShape(Shape):
    items = Rows(Text(), required=True, validate=_SOME)
    times = Figure()
    raise_to = Figure()
    when = Inner(ConditionShape)


class DerivedShape(Shape):
    key = Text(required=True, validate=KEY)
    label = Text(required=True)
    items = Rows(Text(), required=True, validate=_SOME)
    combine = CombineOrSetting()
    at_least = Whole()
    rules = _rows(RuleShape)


class LeftOutShape(Shape):
    label = Text(required=True)
    why = Text(required=True)


class ReasonShape(Shape):
    code = Text(required=True, validate=KEY)
    label = Text(required=True)


class Members(Kept):
    """all, a list of item keys, or {section: key}."""

    invalid = N_("Write all, a list of item keys, or section: and its key.")

    def accepts(self, value: Any) -> bool:
        if isinstance(value, Mapping):
            return set(value) == {"section"} and isinstance(value["section"], str)
        if isinstance(value, list):
            return bool(value) and all(isinstance(key, str) for key in value)
        return bool(value == "all")


class Chosen(Kept):
    """A list of item keys, or {column: key}."""

    invalid = N_("Write a list of item keys, or column: and its key.")

    def accepts(self, value: Any) -> bool:
        if isinstance(value, Mapping):
            return set(value) == {"column"} and isinstance(value["column"], str)
        return isinstance(value, list) and bool(value) and all(isinstance(k, str) for k in value)


class ConsistencyShape(Shape):
    check = Text(required=True, validate=_one_of(Check))
    items = Chosen(required=True)
    says = Text(required=True)
    absent = Code()
    new = Code()
    line = Text(validate=KEY)


class TotalShape(Shape):
    key = Text(required=True, validate=KEY)
    label = Text(required=True)
    items = Members(required=True)
    weights = fields.Dict(keys=fields.String(), values=Figure())
    range = Rows(
        Figure(),
        required=True,
        validate=validate.Length(equal=2, error=N_("Write the lowest and the highest total.")),
    )
    direction = Text(required=True, validate=_one_of(Direction))
    unit = Text(validate=validate.Length(max=40))
    places = Whole()
    na = Text(validate=_one_of(NaPolicy))
    at_least = WholeOrSetting()
    combine = Text(validate=_one_of([Combine.SUM, Combine.MEAN, Combine.SHARE]))
    open_ended = Flag()


class RightsShape(Shape):
    status = Text(required=True, validate=_one_of(RightsStatus))
    holder = Text(required=True)
    source = Text(required=True)
    date = Day(required=True)
    note = Text(validate=validate.Length(max=2000))


class InstrumentShape(Shape):
    """The whole file."""

    format = Text(required=True, validate=validate.Equal(FORMAT, error=N_("Write {other} here.")))
    id = Text(required=True, validate=KEY)
    version = Text(
        required=True,
        validate=validate.Regexp(
            r"^[0-9]+(\.[0-9]+){1,2}(-[a-z0-9.-]+)?\Z",
            error=N_('Write a version such as "1.0" or "1.0-trial.2", in quotes.'),
        ),
    )
    title = Text(required=True)
    short_title = Text(required=True)
    language = Text(
        required=True,
        validate=validate.Regexp(
            r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", error=N_("Write a language tag such as en.")
        ),
    )
    assessment = Text(required=True, validate=_one_of(Assessment))
    summary = Text(required=True)
    rules = Rows(Text())
    na_reasons = _rows(ReasonShape, least=0)
    scales = fields.Dict(keys=fields.String(validate=KEY), values=ByKind(Shape))
    settings = _rows(SettingShape, least=0)
    derived = _rows(DerivedShape, least=0)
    left_out = _rows(LeftOutShape, least=0)
    consistency = _rows(ConsistencyShape, least=0)
    sections = _rows(SectionShape, least=0)
    items = Rows(
        ByKind(ItemShape, named=True),
        required=True,
        validate=validate.Length(min=1, max=200, error=N_("Write {min} to {max} rows here.")),
    )
    totals = _rows(TotalShape, least=0)
    rights = Inner(RightsShape, required=True)


def shape_problems(data: object) -> list[Problem]:
    """Every place where the data has not the shape of a definition."""
    try:
        _made(InstrumentShape).load(data)  # type: ignore[arg-type]  # the schema refuses the rest
    except ValidationError as error:
        return [Problem(path, message) for path, message in _flat(error.messages)]
    return []


def is_stray(problem: Problem) -> bool:
    """Whether it is only a key too many, which leaves the rest readable."""
    return problem.message == _UNKNOWN


def _flat(messages: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """marshmallow's tree of messages as paths in the file."""
    if isinstance(messages, str):
        yield path, messages
    elif isinstance(messages, list):
        for message in messages:
            yield from _flat(message, path)
    else:
        for key, inner in messages.items():
            # Dict says "value" or "key" between the key and its message; _schema is the whole.
            step = () if key == "_schema" or _is_dict_part(path, key) else (key,)
            yield from _flat(inner, (*path, *step))


def _is_dict_part(path: Path, key: str | int) -> bool:
    inside_dict = path[:1] == ("scales",) and len(path) == 2
    inside_weights = path[:1] == ("totals",) and len(path) == 4 and path[2] == "weights"
    return key in ("key", "value") and (inside_dict or inside_weights)
