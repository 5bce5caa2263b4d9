"""The made-up cases of the MMT-8 module: who, what is found, why it is scored so."""

from __future__ import annotations

from dataclasses import dataclass, field

from casefile import NOTE, dice, flow, spread
from draw import Look
from mmt8_scenes import MUSCLES

REVISIT = {m: n for n, m in enumerate(MUSCLES, start=6)}  # slide of each muscle in the deck

REACH = {
    "neck_flexors": "On the back, chin tucked, {she} brings the head up",
    "deltoid_middle": "Sitting, {she} lifts the {side} arm out to the side, level with the shoulder",
    "biceps_brachii": "Sitting, palm up, {she} bends the {side} elbow to a right angle",
    "wrist_extensors": "With the forearm on the table, {she} lifts the {side} hand",
    "gluteus_maximus": "Face down, knee bent, {she} lifts the {side} thigh",
    "gluteus_medius": "Lying on the {other} side, {she} lifts the {side} leg straight up",
    "quadriceps": "Sitting, {she} straightens the {side} knee",
    "ankle_dorsiflexors": "Sitting, {she} pulls the {side} foot up",
}
PART = {
    "neck_flexors": "head",
    "deltoid_middle": "arm",
    "biceps_brachii": "forearm",
    "wrist_extensors": "hand",
    "gluteus_maximus": "thigh",
    "gluteus_medius": "leg",
    "quadriceps": "lower leg",
    "ankle_dorsiflexors": "foot",
}
HOLD = {
    10: (
        "The {part} does not move, and strong pressure does not move it either.",
        "Pressure grows to strong and is kept there; the {part} stays.",
        "Your colleague leans in with strong pressure. The {part} holds to the end of the count.",
    ),
    9: (
        "Past moderate it still holds. Only when the pressure becomes strong does the {part} give.",
        "The {part} takes moderate pressure, then more; strong pressure brings it down.",
        "It holds well beyond moderate pressure and yields just as it turns strong.",
    ),
    8: (
        "Moderate pressure is held for the whole count. A little more, and the {part} gives.",
        "The {part} stands still under moderate pressure and goes when more is added.",
        "Slight: holds. Moderate: holds. As the pressure climbs further, the {part} comes down.",
    ),
    7: (
        "It holds slight pressure and a bit more; at moderate the {part} gives.",
        "Slight pressure is easy. On the way to moderate the {part} stays, at moderate it goes.",
        "The {part} stands until the pressure has almost become moderate, then it yields.",
    ),
    6: (
        "Slight pressure is held for the count. With anything more the {part} comes down.",
        "The {part} stands under a light hand. As soon as the hand means it, the {part} goes.",
        "A hand that presses slightly is held off; the next step is too much.",
    ),
    5: (
        "It stays there by itself. The first touch of pressure brings the {part} down.",
        "Untouched, the {part} is still for the whole count; even slight pressure is too much.",
        "The position is kept as long as nobody presses. Light fingers are enough to lower it.",
    ),
    4: (
        "It gets there, and then sinks little by little, with nobody touching it.",
        "The position is reached and not kept: the {part} lets go slowly by itself.",
        "For a moment it is there; then the {part} drifts down, untouched.",
    ),
    3: (
        "It gets about half way and stops. Nobody has pressed.",
        "The {part} rises through part of the range and falls back, without any pressure.",
        "Half the way up is the best of three tries, with nothing added.",
    ),
    2: (
        "Against gravity nothing lifts. On a level surface the {part} goes through the whole range.",
        "It does not rise. With gravity taken away it moves all the way, smoothly.",
        "No lift at all; in the level plane the range is complete.",
    ),
    1: (
        "Against gravity nothing lifts. On a level surface the {part} moves about half its range.",
        "It does not rise, and with gravity taken away it covers part of the range only.",
        "In the level plane it starts, and stops half way.",
    ),
}
WHY = {
    10: (
        "Strong pressure did not break the hold of the {part}: 10, the top of the scale.",
        "The {part} withstood strong pressure to the end of the count, which is 10. A 9 would have "
        "come down as the pressure became strong.",
    ),
    9: (
        "It held past moderate and gave at strong: 9. Had it given just above moderate it would be "
        "8; had strong pressure been held, 10.",
        "Moderate to strong was held, strong was not: 9. What decides is the step after moderate.",
    ),
    8: (
        "Moderate pressure was held, more was not: 8. A 9 goes on holding while the pressure grows.",
        "The {part} stood under moderate pressure and yielded above it: 8. A 7 would have yielded on "
        "the way to moderate.",
    ),
    7: (
        "More than slight was held, full moderate was not: that step between is 7.",
        "The {part} withstood the way from slight to moderate and gave at moderate: 7, between the 6 "
        "that holds slight only and the 8 that holds moderate.",
    ),
    6: (
        "Slight pressure and no more: 6. The 5 before it holds with nothing added at all.",
        "The {part} was held against slight pressure and gave above it: 6. A 7 takes a bit more.",
        "One light step of pressure was held, the next was not. That is 6.",
    ),
    5: (
        "It kept the position alone and gave at the first pressure: 5. It did not sink by itself, so "
        "it is not 4; it held no pressure, so it is not 6.",
        "The {part} stayed for the count with nothing added, and slight pressure was too much: 5.",
    ),
    4: (
        "The position was reached and then let go slowly, with no pressure: 4. To be 5 it must stay.",
        "The {part} got there and sank by itself. That is 4; a 3 would not have got there.",
    ),
    3: (
        "Part of the range against gravity, and the test position was not reached: 3.",
        "The {part} rose against gravity, but not all the way: 3. A 4 reaches the position, a 2 does "
        "not rise.",
    ),
    2: (
        "No lift against gravity, the whole range with gravity taken away: 2. The retest decides.",
    ),
    1: ("No lift against gravity and part of the range in the level plane: 1.",),
}


@dataclass(frozen=True)
class Item:
    """One muscle in one case.

    Attributes:
        grade: 1 to 10, or None where the answer is NA.
        said: the finding in words; empty takes a sentence that fits the grade.
        why: the reason; empty takes the one of the grade.
        trap: what may lead astray, for the case's list of traps.
    """

    grade: int | None
    said: str = ""
    why: str = ""
    trap: str = ""
    left: bool = False
    trick: bool = False
    na: str = ""
    passive: float | None = None
    pain: bool = False
    held: tuple = ()
    pressed: tuple = ()


@dataclass(frozen=True)
class Case:
    """One made-up patient."""

    key: str
    folder: str
    title: str
    severity: str
    who: Look
    she: str
    text: str
    hero: tuple[str, int]
    hero_alt: str
    items: dict[str, Item] = field(default_factory=dict)


def grades(*values: int, **special: Item) -> dict[str, Item]:
    out = {m: Item(v) for m, v in zip(MUSCLES, values, strict=True)}
    return out | special


# A hold that is first broken by a jerk and then, with gradual pressure, is not.
JERK = {
    "held": ((0, 0), (0.8, 1), (1.6, 1), (1.8, 0.1), (3, 0), (3.6, 1), (8, 1)),
    "pressed": ((0, 0), (1.5, 0), (1.7, 3), (2.1, 0), (4.2, 0), (6, 3), (7.4, 3), (7.8, 0), (8, 0)),
}
# Pressed before the position was held; then waited for.
TOO_SOON = {
    "held": ((0, 0), (0.7, 0.6), (1, 0.1), (2.6, 0), (3.6, 1), (6.6, 1), (7.1, 0.1), (8, 0)),
    "pressed": ((0, 0), (0.5, 0), (0.8, 0.8), (1.2, 0), (6.1, 0), (6.7, 0.5), (7, 0), (8, 0)),
}

A = {"adult": True}
CASES = [
    Case(
        "p1",
        "practice",
        "Woman, 46, cannot rise from a low chair",
        "moderate",
        Look(hair="#6d4a2f", hair_style="bun"),
        "she",
        "Dermatomyositis for five months. Stairs only with the rail, and low chairs have become a "
        "trap. Your colleague tests; you watch and score the right side.",
        ("chair_rise", 2),
        "Three moments: a woman sits on a chair, pushes with a hand on her thigh, stands.",
        grades(
            5,
            7,
            8,
            9,
            5,
            5,
            7,
            9,
            gluteus_maximus=Item(
                5,
                "First try: your colleague presses while the thigh is still on its way up, and it "
                "drops. Second try: {she} lifts, the thigh stays in position for the whole count, and "
                "the first slight pressure brings it down.",
                "The first try is not a test: pressure came before the position was held. In the second "
                "the position is kept with nothing added and slight pressure is too much: 5.",
                "Pressed too soon, a 5 looks like a 4 or a 3. Score the try in which the position was "
                "held first.",
                **TOO_SOON,
            ),
        ),
    ),
    Case(
        "p2",
        "practice",
        "Man, 58, the top shelf has become too high",
        "mild",
        Look(skin="#d9b08c", hair="#3a3a3a"),
        "he",
        "Polymyositis, treated for a year. He works again as a joiner and says that he is 'nearly "
        "there'; only work above the head is hard.",
        ("arm_raise", 2),
        "A man sits and brings his hands over his head with bent elbows.",
        grades(
            8,
            8,
            9,
            10,
            9,
            8,
            10,
            10,
            deltoid_middle=Item(
                8,
                "He lifts the right arm and withstands strong pressure, but his trunk leans far to "
                "the left while he does. Asked to sit straight, with the shoulder steadied, he lifts "
                "again: moderate pressure is held, a little more brings the arm down.",
                "Leaning the trunk turned the shoulder's work over to the body. Upright, moderate "
                "pressure was held and more was not: 8.",
                "The first, cheated hold looks like a 10. Score the one without the trunk.",
                trick=True,
            ),
        ),
    ),
    Case(
        "p3",
        "practice",
        "Girl, 9, is carried up the stairs",
        "severe",
        Look(skin="#f0dcc4", hair="#a8632d", hair_style="long"),
        "she",
        "Juvenile dermatomyositis, seen in the second week of treatment. She lies down most of the "
        "day and tires at once; she understands everything and does her best.",
        ("supine_to_sit", 1),
        "A girl tries to sit up from lying, pushing with her arm and struggling.",
        grades(
            3,
            4,
            5,
            7,
            2,
            3,
            4,
            7,
            gluteus_maximus=Item(
                2,
                trap="No lift against gravity is not the end of the test: lay the limb in the level "
                "plane and look how far it goes. Skipping the retest turns a 2 into a 0.",
            ),
            quadriceps=Item(
                4,
                "She straightens the right knee fully, smiles, and then the lower leg sinks slowly "
                "over about four seconds. Nobody touches it.",
                "The whole range against gravity was there, but the position was not kept: it let go "
                "gradually without pressure, which is 4.",
                "Full extension looks like a 5 until you wait. Count before you decide.",
            ),
        ),
    ),
    Case(
        "p4",
        "practice",
        "Man, 71, an elbow that no longer straightens",
        "moderate",
        Look(skin="#e8cdb0", hair="#c9c5bd"),
        "he",
        "Dermatomyositis in his youth, active again for half a year. Both elbows have been stiff "
        "since his twenties. He says: 'For my age I am not bad.'",
        ("stool_step", 2),
        "A man steps onto a stool with one hand on his own thigh.",
        grades(
            6,
            6,
            0,
            8,
            6,
            5,
            7,
            9,
            biceps_brachii=Item(
                None,
                "The right elbow is fixed between half bent and two thirds bent; your colleague "
                "cannot move it into the test position either, nor the left one. What moves, moves "
                "without pain.",
                "The test position cannot be taken on either side, so the muscle cannot be graded: NA, "
                "reason contracture. A 0 would say that no contraction was felt, which nobody tested.",
                "NA is not 0. A contracture on both sides leaves no side to test.",
                na="contracture",
                passive=0.42,
            ),
            quadriceps=Item(
                7,
                "He straightens the right knee. Slight pressure and a bit more are held; at moderate "
                "the lower leg gives. 'That is normal at my age,' he says.",
                "What was held is 7. The scale is the same at every age; it is not adjusted by feeling.",
                "A remark about age pulls the grade up. It says nothing about the pressure.",
            ),
        ),
    ),
    Case(
        "p5",
        "practice",
        "Woman, 33, right forearm in plaster",
        "moderate",
        Look(skin="#8d5f45", hair="#1d1715", hair_style="bun"),
        "she",
        "Antisynthetase syndrome. She fell on the stairs two weeks ago: the right forearm and hand "
        "are in plaster from below the elbow to the fingers. Everything else can be tested.",
        ("stool_step", 1),
        "A woman steps onto a stool and holds on to a table.",
        grades(
            6,
            6,
            7,
            8,
            6,
            6,
            8,
            9,
            biceps_brachii=Item(
                7,
                "Right: in plaster, no pressure may be put on the forearm. Left: palm up, she bends "
                "the elbow; slight pressure and somewhat more are held, moderate is too much.",
                "The right cannot be tested, the left can: score the left as 7 and say that it is the "
                "left.",
                "The side belongs to the score. Without the mark a later visit compares right "
                "with left.",
                left=True,
            ),
            wrist_extensors=Item(
                8,
                "Right: in plaster. Left: she lifts the hand; moderate pressure is held for the "
                "count, more brings it down.",
                "The left stands in for the right and is marked as such: 8, left. NA would be right only "
                "if the left could not be tested either.",
                "NA looks tempting for the plaster; the rule is to take the left first.",
                left=True,
            ),
        ),
    ),
    Case(
        "p6",
        "practice",
        "Man, 40, strong, with a strong examiner",
        "mild",
        Look(skin="#f0dcc4", hair="#2e2620"),
        "he",
        "Immune-mediated necrotising myopathy, three years on, a sports teacher. Your colleague is "
        "new, a rower, and tests him for the first time.",
        ("floor_rise", 4),
        "A man rises from kneeling to standing without using his hands.",
        grades(
            9,
            10,
            10,
            10,
            9,
            9,
            10,
            10,
            quadriceps=Item(
                10,
                "First try: your colleague pulls down with a jerk, and the lower leg drops. Second "
                "try: the pressure grows over two seconds to strong and is kept; the knee stays "
                "straight.",
                "A jerk breaks nearly every hold and shows nothing. With pressure that grew gradually "
                "the leg withstood strong: 10.",
                "The first drop invites an 8. Pressure is put on, and taken off, gradually.",
                **JERK,
            ),
            gluteus_medius=Item(
                9, trap="Border of 9 and 10: the leg gives, but only at strong pressure."
            ),
        ),
    ),
    Case(
        "a1",
        "form-a",
        "Woman, 52, washing her hair takes two goes",
        "moderate",
        Look(skin="#d9b08c", hair="#4a3326", hair_style="long"),
        "she",
        "Dermatomyositis for two years, in a flare since the summer. Her arms sink under the shower; "
        "both wrists have been swollen for a week.",
        ("arm_raise", 1),
        "A woman sits and can bring her wrists no higher than her shoulders.",
        grades(
            6,
            6,
            7,
            0,
            6,
            6,
            8,
            9,
            wrist_extensors=Item(
                None,
                "Both wrists are swollen. When your colleague takes the right hand, she pulls it "
                "back and says that it hurts too much; the left is the same. She has not been able to "
                "lift a cup today.",
                "Pain on both sides keeps the test from being a test of strength: NA, reason pain. A low "
                "grade would count pain as weakness.",
                "A cup that cannot be lifted sounds like a 3. It is pain, not strength.",
                na="pain",
                passive=0.3,
                pain=True,
            ),
            biceps_brachii=Item(
                7,
                "She bends the right elbow and leans back to help; so she withstands moderate "
                "pressure. Sitting straight, she holds slight pressure and a bit more; at moderate the "
                "forearm gives.",
                "With the trunk still, more than slight but not full moderate pressure was held: 7. The "
                "leaning try does not count.",
                "The trunk lent its weight in the first try, which looks like an 8.",
                trick=True,
            ),
        ),
    ),
    Case(
        "a2",
        "form-a",
        "Boy, 12, back at football",
        "mild",
        Look(skin="#8d5f45", hair="#1d1715"),
        "he",
        "Juvenile dermatomyositis, 14 months after the start of treatment. He trains twice a week "
        "and is proud of it.",
        ("floor_rise", 3),
        "A boy rises from kneeling without hands, a little unsteadily.",
        grades(
            8,
            9,
            10,
            10,
            9,
            8,
            10,
            10,
            deltoid_middle=Item(
                9,
                trap="Border of 9 and 10: watch whether it is strong pressure that the arm withstands "
                "or the way to it.",
            ),
            gluteus_medius=Item(
                8,
                "Lying on the left side, he lifts the right leg and rolls the hip back a little. With "
                "the pelvis held, moderate pressure is held for the count; more brings the leg down.",
                "Once the pelvis is held the leg withstands moderate pressure and no more: 8.",
                "Rolled back, the flexors of the hip do the work and the leg seems stronger.",
                trick=True,
            ),
        ),
    ),
    Case(
        "a3",
        "form-a",
        "Woman, 64, a wheelchair for every distance",
        "severe",
        Look(skin="#e8cdb0", hair="#b9b4ac", hair_style="bun"),
        "she",
        "Necrotising myopathy, newly found. She needs help to turn in bed. The tests take half an "
        "hour, with rests.",
        ("chair_rise", 0),
        "A woman pushes on the seat of her chair and cannot rise.",
        grades(
            3,
            3,
            5,
            6,
            3,
            2,
            4,
            6,
            gluteus_medius=Item(
                2,
                trap="The leg does not lift, so the retest in the level plane decides between 2, 1, "
                "trace and 0.",
            ),
            biceps_brachii=Item(
                5,
                "She bends the right elbow and keeps it bent for the whole count. Two fingers of your "
                "colleague are enough to bring the forearm down.",
                "The position was kept with nothing added, and slight pressure was too much: 5, not 6.",
                "Weak everywhere else, she makes this one look lower than it is.",
            ),
        ),
    ),
    Case(
        "a4",
        "form-a",
        "Man, 49, an ankle that was set in a fracture",
        "moderate",
        Look(skin="#f0dcc4", hair="#8a6f4d"),
        "he",
        "Polymyositis. After a fracture the right ankle was fused; it has not moved for ten years. "
        "The left ankle is healthy.",
        ("floor_rise", 2),
        "A man rises from kneeling with a hand on his thigh.",
        grades(
            5,
            6,
            7,
            9,
            5,
            4,
            6,
            9,
            ankle_dorsiflexors=Item(
                9,
                "Right: the joint is fused and does not move. Left: he pulls the foot up; past "
                "moderate it still holds, and strong pressure brings it down.",
                "The right cannot be tested; the left can and is scored 9, with the side.",
                "Neither 0 nor NA: the left stands in for the right, and the form must say so.",
                left=True,
            ),
            gluteus_medius=Item(
                4,
                "Lying on the left side, he lifts the right leg straight up. It is there for a moment "
                "and then sinks slowly, untouched.",
                "Reached and not kept, without pressure: 4. A 5 stays for the count.",
                "Score after the count, not at the top of the movement.",
            ),
        ),
    ),
    Case(
        "b1",
        "form-b",
        "Man, 61, cannot lift the suitcase into the car",
        "moderate",
        Look(skin="#d9b08c", hair="#77716a"),
        "he",
        "Dermatomyositis with a rash of the hands. Three weeks ago he had an operation on the right "
        "shoulder, which is in a sling; elbow and hand may be tested.",
        ("pick_up", 1),
        "A man stoops for a pencil and leans heavily on his thigh.",
        grades(
            6,
            5,
            7,
            9,
            7,
            6,
            8,
            10,
            deltoid_middle=Item(
                5,
                "Right: in a sling after the operation. Left: he lifts the arm level with the "
                "shoulder and keeps it there for the count; the first touch of pressure brings it down.",
                "The left stands in: it kept the position and held no pressure, 5, left.",
                "Two traps in one: the side has to be marked, and 5 is neither 4 (sinks by itself) nor 6 "
                "(holds slight pressure).",
                left=True,
            ),
        ),
    ),
    Case(
        "b2",
        "form-b",
        "Woman, 28, eight months of treatment",
        "mild",
        Look(skin="#8d5f45", hair="#241a17", hair_style="long"),
        "she",
        "Dermatomyositis. She climbs again and wants to know whether 'the last bit' is missing.",
        ("stool_step", 3),
        "A woman steps onto a stool without support.",
        grades(
            9,
            8,
            9,
            10,
            8,
            9,
            9,
            10,
            neck_flexors=Item(
                9,
                "First try: your colleague pushes suddenly, and the head drops. Second try, with "
                "pressure that grows: beyond moderate it still holds, and it gives just as the pressure "
                "becomes strong.",
                "Only the gradual try counts: past moderate, not strong, is 9.",
                "A sudden push makes a 9 look like an 8 or less.",
                held=(
                    (0, 0),
                    (0.8, 1),
                    (1.4, 1),
                    (1.6, 0.1),
                    (2.6, 0),
                    (3.3, 1),
                    (6.9, 1),
                    (7.4, 0.1),
                    (8, 0),
                ),
                pressed=(
                    (0, 0),
                    (1.3, 0),
                    (1.5, 3),
                    (1.9, 0),
                    (3.9, 0),
                    (5.7, 2.5),
                    (6.5, 2.5),
                    (6.9, 2.9),
                    (7.3, 0),
                    (8, 0),
                ),
            ),
            gluteus_maximus=Item(
                8, trap="Border of 8 and 9: it is held at moderate and gives when more is added."
            ),
        ),
    ),
    Case(
        "b3",
        "form-b",
        "Girl, 7, tired on the first stair",
        "severe",
        Look(skin="#d9b08c", hair="#3b2a20", hair_style="bun"),
        "she",
        "Juvenile dermatomyositis, not yet treated. Her mother carries her to the couch; she laughs "
        "a lot and tries everything twice.",
        ("stool_step", 0),
        "A girl tries to step onto a stool and stays below.",
        grades(
            2,
            4,
            4,
            7,
            3,
            3,
            5,
            8,
            neck_flexors=Item(
                2,
                "On the back the head does not leave the couch. Lying on the side, so that gravity is "
                "taken away, she bends the neck through the whole range.",
                "No lift against gravity, the whole range without it: 2.",
                "A head that stays down is quickly called 0. The retest shows 2.",
            ),
            quadriceps=Item(
                5,
                "She straightens the right knee, loses it once for laughing, and lifts it again: now "
                "it stays for the whole count. A light hand brings it down.",
                "The fair try kept the position and held no pressure: 5.",
                "The drop in the first try was a laugh, not a release.",
            ),
        ),
    ),
    Case(
        "b4",
        "form-b",
        "Woman, 69, knees that never quite straighten",
        "moderate",
        Look(skin="#f0dcc4", hair="#d8d4cb"),
        "she",
        "Dermatomyositis since childhood. Both knees have been bent for decades and cannot be "
        "straightened by anyone; she walks with two sticks.",
        ("chair_rise", 1),
        "A woman rises from a chair with her hands on the seat.",
        grades(
            6,
            7,
            7,
            9,
            5,
            5,
            0,
            9,
            quadriceps=Item(
                None,
                "Right and left knee stop far from straight, also when your colleague moves them; "
                "it does not hurt. In the small range that is left she kicks with some force.",
                "The test position cannot be taken on either side: NA, reason contracture. Force in the "
                "middle of the range is not what the scale grades.",
                "The strong kick tempts to a 7, the bent knee to a 3. Neither was tested in position.",
                na="contracture",
                passive=0.55,
            ),
            gluteus_maximus=Item(
                5,
                trap="Border of 4, 5 and 6: it neither sinks by itself nor holds slight pressure.",
            ),
        ),
    ),
]


def words(case: Case, muscle: str, item: Item) -> str:
    """The finding in words, with the case's pronoun and the side."""
    side, other = ("left", "right") if item.left else ("right", "left")
    said = item.said
    if not said:
        rng = dice(case.key, muscle, "said")
        assert item.grade is not None
        tail = rng.choice(HOLD[item.grade])
        lift = REACH[muscle] if item.grade > 3 else "Asked to do as follows: " + REACH[muscle]
        said = f"{lift}. {tail}"
        if item.grade <= 3:
            said = f"{TRY[muscle]} {tail}"
    return said.format(she=case.she, side=side, other=other, part=PART[muscle])


def reason(case: Case, muscle: str, item: Item) -> str:
    assert item.grade is not None
    return dice(case.key, muscle, "why").choice(WHY[item.grade]).format(part=PART[muscle])


TRY = {
    "neck_flexors": "On the back, chin tucked, {she} tries to bring the head up.",
    "deltoid_middle": "Sitting, {she} tries to lift the {side} arm out to the side.",
    "biceps_brachii": "Sitting, palm up, {she} tries to bend the {side} elbow.",
    "wrist_extensors": "With the forearm on the table, {she} tries to lift the {side} hand.",
    "gluteus_maximus": "Face down, knee bent, {she} tries to lift the {side} thigh.",
    "gluteus_medius": "Lying on the {other} side, {she} tries to lift the {side} leg.",
    "quadriceps": "Sitting, {she} tries to straighten the {side} knee.",
    "ankle_dorsiflexors": "Sitting, {she} tries to pull the {side} foot up.",
}


def panel(case: Case) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [{} for _ in range(5)]
    for muscle, item in case.items.items():
        if item.grade is None:
            values: list[object] = [flow({"na": item.na}) for _ in range(5)]
        else:
            got = spread(item.grade, low=1, high=10, words=(case.key, muscle, "panel"))
            values = [flow({"value": v, "side": "left"}) for v in got] if item.left else list(got)
        for row, value in zip(rows, values, strict=True):
            row[muscle] = value
    return [{"rater": f"Panel {n}", "ratings": flow(row)} for n, row in enumerate(rows, start=1)]


def as_data(case: Case) -> dict[str, object]:
    """The case as the content of its YAML file."""
    findings = []
    for muscle, item in case.items.items():
        findings.append(
            {
                "item": muscle,
                "text": words(case, muscle, item),
                "file": f"figures/{case.key}-{muscle.replace('_', '-')}.svg",
                "alt": alt(muscle, item),
            }
        )
    traps = [flow_safe(m, i.trap) for m, i in case.items.items() if i.trap]
    return {
        "key": f"mmt8-{case.key}",
        "title": case.title,
        "severity": case.severity,
        "media": [{"file": f"figures/{case.key}.svg", "alt": case.hero_alt, "caption": NOTE}],
        "text": f"{case.text}\n\n*{NOTE}*\n",
        "findings": findings,
        "panel": panel(case),
        "reference": flow({"method": "median"}),
        "rationale": {m: i.why or reason(case, m, i) for m, i in case.items.items()},
        "traps": traps,
        "revisit": {m: flow({"step": "positions", "slide": REVISIT[m]}) for m in case.items},
    }


def flow_safe(item: str, words_: str) -> dict[str, str]:
    return {"item": item, "text": words_}


def alt(muscle: str, item: Item) -> str:
    """What the finding's picture shows, without the grade."""
    where = PART[muscle]
    if item.grade is None:
        return f"Drawing of the {where}; a bar shows how far the examiner can move the joint."
    if item.grade <= 2:
        return (
            f"The {where} does not lift against gravity. From above: how far it moves on a level "
            "surface."
        )
    from mmt8_scenes import peak_words

    return f"The {where} in the test, and a strip over 8 seconds: {peak_words(item)}"
