"""What a package says about calibration: read, and refused with a place and a remedy."""

from decimal import Decimal

import pytest

from lms.instruments import api as instruments
from lms.packages.domain import content_from_json, content_to_json
from lms.packages.reader.calibration import panel_spread
from lms.packages.reader.check import check_package
from tests.factories_calibration import CALIBRATION, calibrated_files
from tests.factories_packages import zip_bytes
from tests.samples import make_case


def checked(block=CALIBRATION):
    return check_package(zip_bytes(calibrated_files(block)))


def test_it_is_read_and_comes_back_from_json():
    content = checked().build.content
    step = content.calibration
    assert (step.required, step.every_weeks, step.grace_weeks) == (1, 4, 4)
    assert (step.total, step.spread, step.chart.kind) == ("total", "7", "ewma")
    assert [case.key for case in step.cases] == ["k1", "k2"]
    assert [case.key for case in content.cases][-2:] == ["k1", "k2"]
    assert content_from_json(content_to_json(content)) == content
    assert content.step("calibration") is step


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("count: 1", "count: 3", "3 cases are asked for each time, and there are 2."),
        ("total: total", "total: whole", "The instrument has no total “whole”."),
        (", spread: 7", "", "The panels of these cases agree in everything"),
        ("spread: 7", "spread: 7, redo: {arms: [quiz]}", "has no section “arms”"),
        ("spread: 7", "spread: 7, chart: {kind: shewhart}", "ewma, cusum"),
        ("every_weeks: 4", "every_weeks: 0", "from 1 to 104"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(old, new, told):
    found = checked(CALIBRATION.replace(old, new))
    assert found.build is None
    sentences = [f"{one.place}: {one.sentence}" for one in found.report.errors]
    assert any(told in sentence or told in str(sentence) for sentence in sentences), sentences
    assert all("package.yaml" in sentence for sentence in sentences)


def test_the_spread_is_the_panels_root_mean_square_distance():
    instrument = instruments.load_library("mmt8_80@1.0")
    keys = [item.key for item in instrument.items]
    case = make_case("k", **dict.fromkeys(keys, 5))
    ratings = [{**case.reference, keys[0]: {**case.reference[keys[0]], "value": v}} for v in (4, 8)]
    panel = tuple(
        type(case.panel[0])(f"Panel {n}", given) for n, given in enumerate(ratings, start=1)
    )
    made = type(case)(**{**vars(case), "panel": panel})
    assert panel_spread(instrument, [made], "total") == Decimal("2.236")  # root of (1 + 9) / 2
    assert panel_spread(instrument, [case], "total") is None
