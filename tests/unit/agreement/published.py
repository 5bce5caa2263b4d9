"""Tables that were published, as the oracles of these tests; each with where it stands."""

from math import nan

# Shrout and Fleiss (1979), Psychological Bulletin 86(2), 420-428, table 1: 6 subjects, 4 judges.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]

# The weighted-kappa example of the SAS FREQ procedure's documentation, also in statsmodels' tests.
SAS_FREQ = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]

# Cohen (1968), Psychological Bulletin 70(4), 213-220: proportions times 200, and his weights.
COHEN_1968 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
COHEN_1968_WEIGHTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]

# The worked example of the Wikipedia article on Fleiss's kappa: 10 subjects, 14 raters.
FLEISS_WIKIPEDIA = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]

# Fleiss (1971), Psychological Bulletin 76(5), 378-382: 30 patients, 6 psychiatrists, 5 diagnoses.
FLEISS_1971 = [
    [int(count) for count in row.split()]
    for row in (
        "0 0 0 6 0/0 3 0 0 3/0 1 4 0 1/0 0 0 0 6/0 3 0 3 0/2 0 4 0 0/0 0 4 0 2/2 0 3 1 0/"
        "2 0 0 4 0/0 0 0 0 6/1 0 0 5 0/1 1 0 4 0/0 3 3 0 0/1 0 0 5 0/0 2 0 3 1/0 0 5 0 1/"
        "3 0 0 1 2/5 1 0 0 0/0 2 0 4 0/1 0 2 0 3/0 0 0 0 6/0 1 0 5 0/0 2 0 1 3/2 0 0 4 0/"
        "1 0 0 4 1/0 5 0 1 0/4 0 0 0 2/0 2 0 4 0/1 0 5 0 0/0 0 0 0 6"
    ).split("/")
]


def by_unit(coders: str) -> list[list[float]]:
    """Coders written as rows become units as rows."""
    rows = [
        [nan if cell == "." else float(cell) for cell in row.split()] for row in coders.split("/")
    ]
    return [list(unit) for unit in zip(*rows, strict=True)]


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 4 coders, 12 units.
KRIPPENDORFF_C = by_unit(
    "1 2 3 3 2 1 4 1 2 . . ./1 2 3 3 2 2 4 1 2 5 . ./"
    ". 3 3 3 2 3 4 2 2 5 1 3/1 2 3 3 2 4 4 1 2 5 1 ."
)

# The worked example of the Wikipedia article on Krippendorff's alpha: 3 coders, 15 units.
KRIPPENDORFF_WIKIPEDIA = by_unit(
    ". . . . . 3 4 1 2 1 1 3 3 . 3/1 . 2 1 3 3 4 3 . . . . . . ./. . 2 1 3 4 4 . 2 1 1 3 3 . 4"
)

# Bland and Altman (1986), Lancet 327(8476), 307-310: peak flow of 17 people, first readings.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

# LSAT section 6, Bock and Lieberman (1970), Psychometrika 35(2), 179-197: 1000 people, 5 items.
LSAT_6_COUNTS = (
    "00000:3 00001:6 00010:2 00011:11 00100:1 00101:1 00110:3 00111:4 01000:1 01001:8 01010:0 "
    "01011:16 01100:0 01101:3 01110:2 01111:15 10000:10 10001:29 10010:14 10011:81 10100:3 "
    "10101:28 10110:15 10111:80 11000:16 11001:56 11010:21 11011:173 11100:11 11101:61 11110:28 "
    "11111:298"
)
LSAT_6 = [
    [int(answer) for answer in pattern]
    for entry in LSAT_6_COUNTS.split()
    for pattern, count in [entry.split(":")]
    for _ in range(int(count))
]
