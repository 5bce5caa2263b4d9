"""Where the marks of a drawing stand: pure geometry for the SVG macros, no words and no markup.

A line is an SVG without viewBox: x is a share of the width in per cent, y is in pixels, so that
it stretches and never distorts. Values run left to right in every language.
"""

from lms.web.drawing.agreement import AgreementLine, Dot, Word, agreement_line, criterion_line
from lms.web.drawing.control import ControlChart, control_chart
from lms.web.drawing.heat import HeatMap, HeatValue, heat_map
from lms.web.drawing.progress import ProgressLine, progress_line, watched_line
from lms.web.drawing.scale import Number, Span, Tick
from lms.web.drawing.trend import TrendChart, trend_chart
from lms.web.drawing.validity import ValidityLine, validity_line

__all__ = [
    "AgreementLine",
    "ControlChart",
    "Dot",
    "HeatMap",
    "HeatValue",
    "Number",
    "ProgressLine",
    "Span",
    "Tick",
    "TrendChart",
    "ValidityLine",
    "Word",
    "agreement_line",
    "control_chart",
    "criterion_line",
    "heat_map",
    "progress_line",
    "trend_chart",
    "validity_line",
    "watched_line",
]
