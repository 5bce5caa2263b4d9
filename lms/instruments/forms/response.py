"""Shape of the response calculator: six measures at two visits."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FormField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from lms.instruments.domain.figures import exact, plain
from lms.instruments.domain.improvement import (
    DEFAULT_MULTIPLES,
    MAXIMUM,
    TOOLS,
    Change,
    ChangeRefused,
    Enzyme,
    Population,
    Slot,
    Tool,
    check_change,
    enzyme_span,
)
from lms.web.forms import Form, Part

TOOL_NAMES = {
    Tool.PHYSICIAN_VAS: _l("Physician global activity"),
    Tool.PATIENT_VAS: _l("Patient or parent global activity"),
    Tool.MMT: _l("MMT"),
    Tool.CMAS: _l("CMAS"),
    Tool.HAQ: _l("HAQ"),
    Tool.CHAQ: _l("CHAQ"),
    Tool.ENZYME: _l("Muscle enzyme"),
    Tool.CHQ_PHS: _l("CHQ physical summary"),
    Tool.EXTRAMUSCULAR_VAS: _l("Extramuscular activity"),
    Tool.DAS: _l("DAS"),
}
SLOT_NAMES = {
    Slot.PHYSICIAN: _l("Physician global activity"),
    Slot.PATIENT: _l("Patient or parent global activity"),
    Slot.STRENGTH: _l("Muscle strength"),
    Slot.FUNCTION: _l("Physical function"),
    Slot.FIFTH: _l("Muscle enzyme or quality of life"),
    Slot.SIXTH: _l("Extramuscular activity or DAS"),
}
ENZYME_NAMES = {
    Enzyme.CK: _l("Creatine kinase (CK)"),
    Enzyme.ALDOLASE: _l("Aldolase"),
    Enzyme.LDH: _l("Lactate dehydrogenase (LDH)"),
    Enzyme.AST: _l("Aspartate aminotransferase (AST)"),
    Enzyme.ALT: _l("Alanine aminotransferase (ALT)"),
}


class FigureField(StringField):  # type: ignore[misc]
    """A figure, read exactly; empty = None, which means not measured."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = exact(self.typed) if self.typed else None
        if self.typed and (self.data is None or self.data < 0):
            self.data = None
            raise ValueError(_("Write a figure of 0 or more, such as 4.5."))

    def _value(self) -> str:
        if getattr(self, "typed", ""):
            return str(self.typed)
        return "" if self.data is None else plain(Decimal(self.data))


def _tools(slot: Slot) -> list[SelectChoice]:
    tools = dict.fromkeys(tool for by_slot in TOOLS.values() for tool in by_slot[slot])
    return [SelectChoice(tool.value, TOOL_NAMES[tool]) for tool in tools]


class MeasureForm(Part):
    """One measure at both visits; which tool it is follows from the slot."""

    slot: Slot
    baseline = FigureField(_l("Baseline"))
    follow_up = FigureField(_l("Follow-up"))

    def chosen_tool(self, population: Population) -> Tool:
        """The tool that was chosen, or the only one that there is."""
        return TOOLS[population][self.slot][0]

    def span(self, tool: Tool) -> Decimal | None:
        """The tool's theoretical range."""
        return MAXIMUM.get(tool)


class PhysicianForm(MeasureForm):
    slot = Slot.PHYSICIAN


class PatientForm(MeasureForm):
    slot = Slot.PATIENT


class FunctionForm(MeasureForm):
    slot = Slot.FUNCTION


class ChoiceForm(MeasureForm):
    """A measure for which there are several tools."""

    def chosen_tool(self, population: Population) -> Tool:
        tool = Tool(self.tool.data)
        if tool not in TOOLS[population][self.slot]:
            self.tool.errors = [_("%(tool)s counts for children only.", tool=str(TOOL_NAMES[tool]))]
        return tool


class StrengthForm(ChoiceForm):
    slot = Slot.STRENGTH
    tool = SelectField(_l("Measured with"), choices=_tools(Slot.STRENGTH))
    maximum = FigureField(
        _l("Highest MMT total of the muscles that were tested"),
        description=_l("For instance 80, 150 or 260. A CMAS always ends at 52."),
    )

    def span(self, tool: Tool) -> Decimal | None:
        return self.maximum.data if tool is Tool.MMT else MAXIMUM[tool]


class FifthForm(ChoiceForm):
    slot = Slot.FIFTH
    tool = SelectField(_l("Measured with"), choices=_tools(Slot.FIFTH))
    enzyme = SelectField(
        _l("The enzyme that was most abnormal"),
        choices=[SelectChoice(enzyme.value, name) for enzyme, name in ENZYME_NAMES.items()],
    )
    upper_limit = FigureField(_l("Its upper limit of normal"))
    multiple = FigureField(
        _l("Multiple of the limit that stands for the range"),
        description=_l(
            "Left empty: CK 15, aldolase 6, LDH, AST and ALT 3. No open source fixes these "
            "figures, so they are printed with the result."
        ),
    )
    chq_span = FigureField(
        _l("Range of the CHQ physical summary"), description=_l("Highest minus lowest score.")
    )

    def used_multiple(self) -> Decimal:
        """The multiple that was typed, or the enzyme's usual one."""
        return self.multiple.data or DEFAULT_MULTIPLES[Enzyme(self.enzyme.data)]

    def span(self, tool: Tool) -> Decimal | None:
        if tool is Tool.CHQ_PHS:
            return self.chq_span.data
        if self.upper_limit.data is None:
            return None
        return enzyme_span(self.upper_limit.data, self.used_multiple())

    def validate_upper_limit(self, field: FigureField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The upper limit of normal is more than 0."))

    def validate_multiple(self, field: FigureField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The multiple is more than 0."))


class SixthForm(ChoiceForm):
    slot = Slot.SIXTH
    tool = SelectField(_l("Measured with"), choices=_tools(Slot.SIXTH))


class ResponseForm(Form):
    """The whole calculator. An empty figure is a missing measure, which is allowed."""

    population = RadioField(
        _l("Patient"),
        choices=[
            SelectChoice(Population.ADULT.value, _l("Adult, dermatomyositis or polymyositis")),
            SelectChoice(Population.JUVENILE.value, _l("Child, juvenile dermatomyositis")),
        ],
        default=Population.ADULT.value,
    )
    physician = FormField(PhysicianForm)
    patient = FormField(PatientForm)
    strength = FormField(StrengthForm)
    function = FormField(FunctionForm)
    fifth = FormField(FifthForm)
    sixth = FormField(SixthForm)

    def measures(self) -> list[tuple[Slot, MeasureForm]]:
        """The six measures in the order of the table."""
        return [(slot, getattr(self, slot.value).form) for slot in Slot]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also hold each figure against the range of its measure."""
        if not super().validate(extra_validators):
            return False
        sound = [self._sound(part) for _slot, part in self.measures()]
        return all(sound)  # a list first, so that every measure says what is wrong with it

    def _sound(self, part: MeasureForm) -> bool:
        change = self._change(part)
        if getattr(part, "tool", None) is not None and part.tool.errors:
            return False
        for field in (part.baseline, part.follow_up):
            try:
                check_change(change.tool, field.data, change.span)
            except ChangeRefused as error:
                field.errors = [_(error.message, **error.values)]
                return False
        return True

    def changes(self) -> dict[Slot, Change]:
        """What was typed, for the calculation."""
        return {slot: self._change(part) for slot, part in self.measures()}

    def _change(self, part: MeasureForm) -> Change:
        tool = part.chosen_tool(Population(self.population.data))
        return Change(tool, part.baseline.data, part.follow_up.data, part.span(tool))
