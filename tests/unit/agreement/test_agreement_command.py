"""`lms agreement …` from a file to an answer."""

import json

import pytest
from click.testing import CliRunner

from lms.agreement.cli import group
from tests.unit.agreement.published import (
    COHEN_1968,
    FLEISS_1971,
    KRIPPENDORFF_C,
    LSAT_6,
    MINI,
    SAS_FREQ,
    SHROUT_FLEISS,
    WRIGHT,
)


@pytest.fixture
def run(tmp_path):
    def answer(arguments, text):
        path = tmp_path / "ratings.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(group, [*arguments.split("|"), str(path)])

    return answer


def csv_of(rows):
    heads = ",".join(f"R{place}" for place in range(1, len(rows[0]) + 1))
    lines = [
        ",".join("" if cell is None or cell != cell else f"{cell:g}" for cell in row)
        for row in rows
    ]
    return "\n".join(["subject," + heads, *(f"s{n},{line}" for n, line in enumerate(lines))])


def pairs_of(table):
    return [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]


def test_icc_prints_all_six_forms_with_intervals(run):
    answer = run("icc", csv_of(SHROUT_FLEISS))

    assert answer.exit_code == 0
    assert "ICC(2,1) = ICC(A,1): 0.2898; 95 % interval 0.0188 to 0.7611" in answer.output
    assert "ICC(3,k) = ICC(C,k): 0.9093" in answer.output
    assert "Smallest detectable change, agreement: 6.93" in answer.output
    assert "6 subjects, 4 raters, 24 ratings; cells missing: 0" in answer.output


def test_one_form_and_another_confidence_can_be_asked_for(run):
    answer = run("icc|--form|ICC(3,1)|--confidence|0.9", csv_of(SHROUT_FLEISS))

    assert "ICC(1,1)" not in answer.output
    assert "90 % interval" in answer.output


@pytest.mark.parametrize(
    ("command", "rows", "value"),
    [
        ("icc|--form|ICC(2,1)", SHROUT_FLEISS, 0.289764),
        ("kappa|--weights|linear", pairs_of(SAS_FREQ), 0.470120),
        ("kappa|--weights|0 1 3/1 0 6/3 6 0", pairs_of(COHEN_1968), 0.347826),
        ("alpha|--metric|interval|--resamples|50", KRIPPENDORFF_C, 0.849107),
        ("alpha|--resamples|0", KRIPPENDORFF_C, 0.815388),
        ("ac", KRIPPENDORFF_C, 0.775444),
        ("ccc|--ddof|1", list(zip(WRIGHT, MINI, strict=True)), 0.942752),
        ("fleiss", [[1, 1, 2], [2, 2, 2]], 0.25),
    ],
)
def test_json_holds_the_whole_result(run, command, rows, value):
    answer = run(f"{command}|--json", csv_of(rows))

    assert answer.exit_code == 0, answer.output
    first = json.loads(answer.output)[0]
    assert first["value"] == pytest.approx(value, abs=1e-6)
    assert {"form", "method", "sample", "interval", "no_interval"} <= first.keys()
    assert first["sample"]["rule"]


def test_bland_altman_prints_bias_and_limits(run):
    answer = run("bland-altman|--multiplier|2", csv_of(list(zip(WRIGHT, MINI, strict=True))))

    assert "Bias, mean: -2.1176" in answer.output
    assert "Lower limit of agreement, 2 SD: -79.6479" in answer.output
    assert "Upper limit of agreement, 2 SD: 75.4126" in answer.output


def test_items_are_analysed(run):
    answer = run("items", csv_of(LSAT_6))

    assert answer.exit_code == 0
    row = next(line for line in answer.output.splitlines() if line.startswith("R1 "))
    assert row.split()[1] == "0.9240"
    assert "alpha: 0.2950" in answer.output


def test_a_key_scores_options_and_looks_at_each(run):
    answer = run("items|--key|a,b|--unanswered|zero", "id;Q1;Q2\nx;a;b\ny;a;c\nz;b;b\nw;;c\n")

    assert answer.exit_code == 0
    assert "  * a: 2 (50 %)" in answer.output
    assert "(no answer): 1 (25 %)" in answer.output


def test_options_that_nobody_chose_are_listed(run):
    answer = run("items|--key|a,b|--options|a,b,c,d", "id,Q1,Q2\nx,a,b\ny,b,c\nz,a,a\n")

    assert "    d: 0 (0 %)" in answer.output


@pytest.mark.parametrize(
    ("command", "rows", "value"),
    [
        ("kappa|--counts|--weights|linear", SAS_FREQ, 0.470120),
        ("fleiss|--counts", FLEISS_1971, 0.430245),
    ],
)
def test_a_table_of_counts_will_do(run, command, rows, value):
    answer = run(f"{command}|--json", csv_of(rows))

    assert json.loads(answer.output)[0]["value"] == pytest.approx(value, abs=1e-6)


def test_three_raters_are_compared_two_by_two_or_with_one(run):
    text = csv_of([[1, 1, 2], [2, 2, 2], [1, 2, 1]])

    assert [each["of"] for each in json.loads(run("kappa|--json", text).output)] == [
        ["R1", "R2"], ["R1", "R3"], ["R2", "R3"],
    ]  # fmt: skip
    against = json.loads(run("kappa|--against|R2|--json", text).output)
    assert [each["of"] for each in against] == [["R1", "R2"], ["R3", "R2"]]


def test_words_are_ratings_where_their_order_was_said(run):
    text = "case,A,B\n1,none,none\n2,mild,severe\n3,severe,severe\n"

    answer = run("kappa|--weights|linear|--levels|none,mild,severe|--json", text)
    assert json.loads(answer.output)[0]["categories"] == [0, 1, 2]


def test_an_undefined_statistic_ends_with_1_and_its_reason(run):
    answer = run("kappa", csv_of([[1, 1], [1, 1]]))

    assert answer.exit_code == 1
    assert "no value. Both raters used one and the same category" in answer.output
    assert json.loads(run("kappa|--json", csv_of([[1, 1], [1, 1]])).output)[0]["value"] is None


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("icc", "case,A,B\nx,1,l\n", "line 2, column 3 (C): “l” is no number"),
        ("icc", b"case,A,B\nx,1,\xff\n", "not UTF-8 (byte 14)"),
        ("icc", "", "The file is empty"),
        ("icc|--confidence|2", "case,A,B\nx,1,2\n", "between 0 and 1"),
        ("kappa|--against|Z", "case,A,B\nx,1,2\n", "There is no column Z. There are: A, B."),
        ("kappa|--weights|cubic", "case,A,B\nx,1,2\n", "row by row"),
        ("kappa|--levels|3", "case,A,B\nx,1,2\n", "at least two levels"),
        ("ccc", "case,A\nx,1\n", "one column of ratings"),
        ("alpha|--metric|ratio", "case,A,B\nx,-1,2\n", "from 0 on"),
        ("items", "case,A,B\nx,1,2\n", "Row 1, column 2: 2 is outside 0 to 1"),
        ("items|--max|x", "case,A,B\nx,1,2\n", "greatest score"),
        ("items|--key|a", "case,A,B\nx,a,b\n", "Row 1 has 2 answers, but the key has 1"),
        ("items|--options|a,b", "case,A,B\nx,1,0\n", "add --key"),
        ("kappa|--counts", "case,A,B\nx,1,2\n", "square"),
        ("kappa|--counts|--levels|0..2", "case,A,B\nx,1,2\ny,1,1\n", "one row and one column"),
        ("fleiss|--counts", "case,A,B\nx,1,2\ny,1,1\n", "same number"),
        ("fleiss|--counts", "case,A,B\nx,1,2\ny,-1,4\n", "each from 0 on"),
        ("bland-altman|--multiplier|0", "case,A,B\nx,1,2\n", "above 0"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_a_sentence(run, command, text, said):
    answer = run(command, text)

    assert answer.exit_code == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.output


def test_a_file_that_is_not_there_ends_with_2(tmp_path):
    answer = CliRunner().invoke(group, ["icc", str(tmp_path / "none.csv")])

    assert answer.exit_code == 2
    assert "No such file" in answer.stderr


def test_a_folder_is_no_file(tmp_path):
    answer = CliRunner().invoke(group, ["icc", str(tmp_path)])

    assert answer.exit_code == 2
    assert "cannot be read" in answer.stderr


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_explains_itself(name):
    answer = CliRunner().invoke(group, [name, "--help"])

    assert answer.exit_code == 0
    assert "FILE.csv" in answer.output and "--json" in answer.output
