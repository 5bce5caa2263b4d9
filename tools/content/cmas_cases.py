"""The made-up cases of the CMAS module: fourteen tasks of thirteen children."""

from __future__ import annotations

from dataclasses import dataclass, field

from casefile import NOTE, dice, flow, flow_list, spread
from cmas_scenes import MOST, TIMED, VARIANTS
from draw import Look

TASK_NAMES = {
    "head_lift": "Head lift",
    "leg_raise": "Leg raise to touch an object",
    "leg_lift": "Straight leg lift",
    "supine_to_prone": "Back to front",
    "sit_ups": "Sit-ups",
    "supine_to_sit": "Lying to sitting",
    "arm_raise": "Arm raise",
    "arm_hold": "Arms held up",
    "floor_sit": "Standing to sitting on the floor",
    "all_fours": "All fours",
    "floor_rise": "Rising from the floor",
    "chair_rise": "Rising from a chair",
    "stool_step": "Step onto a stool",
    "pick_up": "Picking up a pencil",
}
TASKS = tuple(TASK_NAMES)
REVISIT = {t: n for n, t in enumerate(TASKS, start=5)}  # slide of each task in the deck

SEEN = {
    "leg_raise": {
        0: ("The heel leaves the table by a breath and is back; there is no space under it.",),
        1: (
            "The leg comes clear of the table. It stops a good way below the hand and goes down.",
            "{She} lifts the leg well off the table but cannot bring the foot to the hand.",
        ),
        2: ("The foot comes up and taps the hand.", "{She} touches the hand with the foot, twice."),
    },
    "supine_to_prone": {
        0: ("{She} rocks, gets hardly onto the side, and the arm stays caught under the trunk.",),
        1: (
            "{She} gets onto the side and stops there: the right arm does not come free, and {she} "
            "does not reach the front.",
        ),
        2: (
            "{She} rolls over to the front. The right arm has to be tugged out from under the "
            "trunk, and it comes.",
            "On the front at last; freeing the arm takes some wriggling.",
        ),
        3: (
            "{She} rolls over in one movement; the arm is free as {she} lands.",
            "Over to the front quickly, with the arm already out.",
        ),
    },
    "supine_to_sit": {
        0: ("{She} tries from both sides and sits only when your colleague pulls at the hand.",),
        1: (
            "{She} rolls, pushes with both arms, rests, and is up after a long struggle, alone.",
            "Alone, but with great struggle: elbow, hand, pause, hand again, and then up.",
        ),
        2: (
            "{She} pushes with one arm, a little slowly, and is up.",
            "Up with some struggle, somewhat slower than the other children.",
        ),
        3: ("{She} sits up without a pause.", "Up at once, as if it were nothing."),
    },
    "arm_raise": {
        0: ("The hands move on the lap; the wrists do not come up.",),
        1: (
            "The wrists come up to the height of the shoulder joint and no further.",
            "Both wrists reach the line of the shoulders; there they stop.",
        ),
        2: (
            "The wrists pass the top of the head. The elbows stay bent, also when {she} is asked to "
            "straighten them.",
        ),
        3: ("Both arms go straight up above the head.", "Wrists above the head, elbows straight."),
    },
    "floor_sit": {
        0: ("{She} holds the chair, bends, comes up again, and does not get down.",),
        1: (
            "Without the chair {she} does not dare. With a hand on the chair all the way, {she} gets "
            "to the floor.",
        ),
        2: (
            "No chair. Hand on the thigh, hand on the floor, slowly and unsteadily, {she} gets down.",
            "{She} climbs down along the own body, hand by hand, without the chair.",
        ),
        3: (
            "{She} sits down on the floor straight away, hands in the air.",
            "Down to the floor, smoothly, with no hand on anything.",
        ),
    },
    "all_fours": {
        0: ("From the front {she} gets onto the elbows and no further.",),
        1: (
            "{She} gets onto hands and knees for a moment, back sagging, and cannot lift the head.",
        ),
        2: (
            "Hands and knees, back straight, head up. Asked to crawl, {she} does not get a hand "
            "forward.",
        ),
        3: (
            "{She} crawls the length of the mat. Lifting a leg straight back fails.",
            "Crawling goes well; with one leg lifted {she} tips over.",
        ),
        4: (
            "{She} crawls, and then stays on hands and one knee with the other leg lifted and straight.",
            "One leg goes up and back, straight, and {she} keeps the balance.",
        ),
    },
    "floor_rise": {
        0: (
            "From kneeling, with both hands on a chair, {she} does not get the hips off the heels.",
        ),
        1: ("Without the chair it does not work. With a hand on the chair {she} stands up.",),
        2: (
            "No chair. One hand presses on the own thigh, and {she} is up.",
            "Hand on the knee, push, and up; the chair is not needed.",
        ),
        3: (
            "No hands. {She} sways, stops half way, and then stands.",
            "Up without hands, with a wobble and a second start.",
        ),
        4: (
            "Up from kneeling without hands, without a pause.",
            "{She} stands up as if from a bed.",
        ),
    },
    "chair_rise": {
        0: ("Hands on the seat, {she} pushes three times and stays sitting.",),
        1: (
            "{She} pushes with both hands on the sides of the seat, and stands.",
            "With the hands on the edge of the seat {she} gets up.",
        ),
        2: ("Both hands on the thighs, push, up.", "{She} gets up with a hand on the knee."),
        3: (
            "No hands. {She} rocks twice, comes up slowly, and stands.",
            "Arms held out in front, three tries, and up without a hand on anything.",
        ),
        4: ("{She} gets up at once, arms loose.", "Up without hands, quickly."),
    },
    "stool_step": {
        0: ("The foot goes up onto the stool; {she} does not follow, also with a hand to hold.",),
        1: (
            "{She} steps up and holds on to the table while doing it.",
            "With a hand on the examiner's arm {she} gets up onto the stool.",
        ),
        2: ("{She} presses one hand on the own thigh and steps up.", "Hand on the knee, and up."),
        3: ("{She} steps up with the arms hanging.", "Up onto the stool, nothing held."),
    },
    "pick_up": {
        0: (
            "{She} bends as far as the knees with both hands on the thighs; the pencil stays there.",
        ),
        1: (
            "Leaning heavily with one hand on the thighs all the way, {she} gets the pencil and comes "
            "up.",
        ),
        2: (
            "A hand rests lightly on the knee for a moment; the pencil comes up, a little slowly.",
            "Light, brief support of one hand, somewhat slow, pencil in hand.",
        ),
        3: ("{She} bends, takes the pencil, stands.", "The pencil is up before you look twice."),
    },
}
WHY = {
    "leg_raise": {
        0: "The leg does not clear the table: 0.",
        1: "It clears the table and does not reach the hand: 1.",
        2: "The foot touches the object: 2.",
    },
    "supine_to_prone": {
        0: "Hardly onto the side, and the arm stays under the trunk: 0.",
        1: "The side is reached, the right arm is not freed and the front is not reached: 1.",
        2: "On the front, with the arm freed with some difficulty: 2.",
        3: "On the front with ease: 3.",
    },
    "supine_to_sit": {
        0: "Not up without help: 0.",
        1: "Up alone, with great struggle and very slowly: 1.",
        2: "Up with some struggle, somewhat slowly: 2.",
        3: "No difficulty: 3.",
    },
    "arm_raise": {
        0: "The wrists do not rise: 0.",
        1: "Wrists to the level of the shoulder joint: 1.",
        2: "Wrists above the head and elbows bent: 2. Straight elbows would be 3.",
        3: "Wrists above the head with straight elbows: 3.",
    },
    "floor_sit": {
        0: "Not even with a chair: 0.",
        1: "Only while holding a chair: 1.",
        2: "No chair, but slow and unsteady along the own body: 2.",
        3: "No support and no climbing down: 3.",
    },
    "all_fours": {
        0: "Hands and knees are not reached: 0.",
        1: "Barely there, and the head is not raised: 1.",
        2: "Back straight and head up, no crawl: 2.",
        3: "Crawls, and does not balance on one leg: 3.",
        4: "Balances with one leg lifted and straight: 4.",
    },
    "floor_rise": {
        0: "Not even with a chair: 0.",
        1: "Only with a chair: 1.",
        2: "No chair, a hand on the own body: 2, however quick it was.",
        3: "No hands and some difficulty: 3.",
        4: "No hands and no difficulty: 4.",
    },
    "chair_rise": {
        0: "Not even with the hands on the seat: 0.",
        1: "Hands on the sides of the seat: 1.",
        2: "Hands on knees or thighs: 2.",
        3: "No hands and some difficulty: 3.",
        4: "No hands and no difficulty: 4.",
    },
    "stool_step": {
        0: "Not up at all: 0.",
        1: "A hand on the table or on the examiner: 1.",
        2: "A hand on the own knee or thigh: 2.",
        3: "No support: 3.",
    },
    "pick_up": {
        0: "Not picked up: 0.",
        1: "Heavy leaning on the thighs: 1.",
        2: "Brief, light support and a bit slow: 2.",
        3: "No difficulty: 3.",
    },
}
PART_NAMES = {
    "thighs": "hands on the thighs",
    "chest": "arms across the chest",
    "head": "hands behind the head",
}


@dataclass(frozen=True)
class Twist:
    """What is special about one task of one case."""

    said: str = ""
    why: str = ""
    trap: str = ""
    na: str = ""
    watch: float | None = None
    marks: tuple[tuple[float, str], ...] = ()
    again: tuple[float, float] | None = None


@dataclass(frozen=True)
class Child:
    """One made-up child; `does` holds seconds, levels, or the sit-ups that succeeded."""

    key: str
    folder: str
    title: str
    severity: str
    who: Look
    she: str
    text: str
    does: dict[str, object]
    twists: dict[str, Twist] = field(default_factory=dict)


def does(
    head: float,
    leg: int,
    lift: float,
    prone: int,
    situps: int | tuple[str, ...],
    sit: int,
    raise_: int,
    hold: float,
    floor: int,
    fours: int,
    rise: int,
    chair: int,
    stool: int,
    pick: int,
) -> dict[str, object]:
    done = EASY_FIRST[:situps] if isinstance(situps, int) else situps
    return dict(
        zip(
            TASKS,
            (
                head,
                leg,
                lift,
                prone,
                done,
                sit,
                raise_,
                hold,
                floor,
                fours,
                rise,
                chair,
                stool,
                pick,
            ),
            strict=True,
        )
    )


EASY_FIRST = ("thighs_held", "chest_held", "thighs_free", "head_held", "chest_free", "head_free")

CHILDREN = [
    Child(
        "p1",
        "practice",
        "Girl, 8, the last one up from the circle",
        "moderate",
        Look(hair="#7a4a24", hair_style="long"),
        "she",
        "Juvenile dermatomyositis for four months. At school she waits until somebody gives her a "
        "hand. She likes the stopwatch.",
        does(45, 2, 38, 2, 2, 2, 3, 40, 2, 3, 2, 3, 2, 2),
        {
            "floor_rise": Twist(
                "Quick as a cat, {she} presses one hand on the thigh for a blink and is "
                "up. No chair.",
                "The hand took weight on the own thigh: 2. That it was "
                "quick does not change the level.",
                "Speed looks like a 3 or 4. The support decides first.",
            ),
            "head_lift": Twist(marks=((45, "head touches the mat"),)),
        },
    ),
    Child(
        "p2",
        "practice",
        "Boy, 10, in the football team again",
        "mild",
        Look(skin="#d9b08c", hair="#2b2320"),
        "he",
        "Juvenile dermatomyositis, a year and a half of treatment. He wants two minutes on the head "
        "lift more than anything else.",
        does(119, 2, 120, 3, 5, 3, 3, 59, 3, 4, 4, 4, 3, 3),
        {
            "head_lift": Twist(
                "Chin tucked, {she} holds the head up, trembling. The head touches the "
                "mat as the clock shows 1:59. 'Two minutes,' he says.",
                "119 s is the last second of the band 60 to 119, code 4. 120 s would be "
                "5. It is entered as it was, in seconds.",
                "1:59 is not two minutes. Rounding by kindness costs a code.",
                marks=((119, "head touches the mat"),),
            ),
            "leg_lift": Twist(
                "The leg stays up straight until your colleague says 'two minutes'; the "
                "clock shows 2:00 and {she} lets it down.",
                "120 s begins the top band: code 5.",
                marks=((120, "let down when told"),),
            ),
            "arm_hold": Twist(
                "Both arms straight up. The right wrist drops below the head as the clock "
                "shows 0:59; the left stays.",
                "The task ends when it is no longer done: 59 s, code 3. From 60 s on it "
                "would be 4, the top of this item.",
                "59 and 60 s lie on two sides of a border, and one arm is not both.",
                marks=((59, "right wrist drops"),),
            ),
        },
    ),
    Child(
        "p3",
        "practice",
        "Girl, 4, two stickers at stake",
        "mild",
        Look(skin="#8d5f45", hair="#1d1715", hair_style="bun"),
        "she",
        "Juvenile dermatomyositis, well for half a year. She is four years and two months old, "
        "follows each instruction and stops when she is bored. Her mother asks whether 52 is what "
        "she should have.",
        does(40, 2, 66, 3, 4, 3, 3, 60, 3, 4, 4, 4, 3, 3),
        {
            "head_lift": Twist(
                "{She} holds the head up and sings. At 0:40 it goes down.",
                "40 s is 40 s: code 3. Healthy children of four do not reach the top "
                "band either; a score is not corrected for age.",
                "The figure looks low for a healthy child. At four it is not: healthy "
                "four-year-olds have about 46 to 47 of 52 in all.",
                marks=((40, "head touches the mat"),),
            ),
            "arm_hold": Twist(
                "Both arms up, straight. At 1:00 {she} is told that it is enough.",
                "60 s is the beginning of the top band of this item: code 4.",
                marks=((60, "told: enough"),),
            ),
        },
    ),
    Child(
        "p4",
        "practice",
        "Boy, 6, carried in by his father",
        "severe",
        Look(hair="#a8632d"),
        "he",
        "Juvenile dermatomyositis, found last week. He smiles and whispers. You stop each task as "
        "soon as it is clear, so that he does not tire.",
        does(4, 1, 6, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0),
        {
            "head_lift": Twist(
                "The head comes off the mat for four seconds by the watch, then again "
                "for seven after a rest.",
                "The first proper lift counts here: 4 s, code 1. A second lift is not "
                "added. (Which try counts is set by the protocol; this module takes "
                "the first.)",
                "Two lifts are not one of eleven seconds.",
                again=(9, 16),
                marks=((4, "head touches the mat"),),
            ),
            "sit_ups": Twist(
                "None of the six variants brings the trunk up, with feet held or free.",
                "No variant succeeds: 0 of 6. All six were tried, so it is 0 and not NA.",
            ),
            "arm_hold": Twist(
                "The wrists do not get above the head, so there is nothing to time.",
                "The position is not reached: 0 s, code 0. It was tried, so it is not NA.",
                "Not reached is 0; not tried would be NA.",
            ),
        },
    ),
    Child(
        "p5",
        "practice",
        "Girl, 13, stubborn about hands",
        "moderate",
        Look(skin="#e8cdb0", hair="#3b2a20", hair_style="bun"),
        "she",
        "Juvenile dermatomyositis for three years. She broke the left wrist ten days ago; it is in "
        "a cast, and she may not put weight on it. She hates to be helped.",
        does(75, 2, 62, 3, 3, 2, 3, 48, 3, 0, 3, 3, 3, 2),
        {
            "all_fours": Twist(
                "The left hand in the cast may not take weight. The task is not tried.",
                "It cannot be tested for a reason outside the muscles: NA, reason injury. "
                "With it there is no total today.",
                "A 0 would say that she cannot get onto hands and knees. Nobody knows.",
                na="injury",
            ),
            "chair_rise": Twist(
                "No hands. Red in the face, three tries, a long way up, but up, and "
                "nothing was touched.",
                "No hands and clearly some difficulty: 3. Effort parts 3 from 4; it does "
                "not push below 3.",
                "So much effort looks like a 2. A 2 would have needed a hand on the thigh.",
            ),
            "sit_ups": Twist(
                trap="Each variant is one point by itself; they are added and need not "
                "come in a row."
            ),
        },
    ),
    Child(
        "a1",
        "form-a",
        "Boy, 9, slow on the school stairs",
        "moderate",
        Look(skin="#d9b08c", hair="#3a3a3a"),
        "he",
        "Juvenile dermatomyositis, seven months of treatment, better than in spring. He counts aloud "
        "with the watch, always faster than it runs.",
        does(29, 2, 31, 2, ("thighs_held", "thighs_free"), 2, 2, 33, 2, 3, 2, 2, 2, 2),
        {
            "head_lift": Twist(
                "{She} holds the head up and counts to forty. By the watch the head "
                "touches the mat at 0:29.",
                "29 s by the watch: code 2. The band that begins at 30 was missed by a second.",
                "The child's own count is not the watch.",
                marks=((29, "head touches the mat"),),
            ),
            "leg_lift": Twist(marks=((31, "heel touches the mat"),)),
            "chair_rise": Twist(
                "Very quickly, with a slap of both hands on the thighs, {she} is up.",
                "Hands on the thighs: 2. Quick or slow makes no difference below 3.",
                "It is quick enough to pass for a 4.",
            ),
        },
    ),
    Child(
        "a2",
        "form-a",
        "Girl, 11, dances twice a week",
        "mild",
        Look(skin="#8d5f45", hair="#241a17", hair_style="long"),
        "she",
        "Juvenile dermatomyositis in its third year. She has come from training and is warm.",
        does(120, 2, 118, 3, 6, 3, 3, 60, 3, 4, 4, 4, 3, 3),
        {
            "head_lift": Twist(
                "The head is up, steady. Your colleague stops the watch at 2:04 and says "
                "that the head touched the mat when it showed 2:00.",
                "The head was up for 120 s: code 5. The four seconds after that belong to "
                "the thumb.",
                "The watch shows 2:04, the task took 2:00. Both are 5 here, and the "
                "seconds entered are those of the task.",
                watch=124,
                marks=((120, "head touches the mat"),),
            ),
            "leg_lift": Twist(
                "The leg stays straight. At 1:58 the heel touches the mat; she lifts it "
                "again at once and keeps it up for ten more seconds.",
                "The task ended when the heel touched: 118 s, code 4.",
                "Going on afterwards does not mend the touch.",
                again=(119, 129),
                marks=((118, "heel touches the mat"),),
            ),
            "arm_hold": Twist(
                "Both arms straight up. At 1:00 your colleague says that it is enough.",
                "60 s is in the top band of this item: code 4. There is no 5 here.",
                "This item ends at 4; the other two timed ones go to 5.",
                marks=((60, "told: enough"),),
            ),
        },
    ),
    Child(
        "a3",
        "form-a",
        "Girl, 5, in her mother's arms",
        "severe",
        Look(hair="#5a4634", hair_style="bun"),
        "she",
        "Juvenile dermatomyositis, third week of treatment. She tries everything that she is shown.",
        does(9, 1, 3, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
        {
            "head_lift": Twist(
                "The head comes up, shakes, and goes down as the watch shows 0:09.",
                "9 s is the last second of the band 1 to 9: code 1. 10 s would be 2.",
                "Nine is not ten.",
                marks=((9, "head touches the mat"),),
            ),
            "sit_ups": Twist(
                "All six are tried; the shoulders lift a little each time, the trunk does "
                "not come up.",
                "No variant brings the trunk up: 0 of 6.",
            ),
            "arm_hold": Twist(
                "The wrists reach the shoulders and not the head; there is no position to time.",
                "Tried and not reached: 0 s, code 0.",
                "Tried and failed is 0, never NA.",
            ),
        },
    ),
    Child(
        "a4",
        "form-a",
        "Boy, 14, too proud for the handrail",
        "moderate",
        Look(skin="#f0dcc4", hair="#2e2620"),
        "he",
        "Juvenile dermatomyositis for six years. He performs every task with as much show as he can.",
        does(64, 2, 59, 3, 4, 3, 3, 52, 2, 4, 3, 3, 2, 2),
        {
            "leg_lift": Twist(
                "The leg stays straight in the air. The heel touches the mat as the watch "
                "shows 0:59.",
                "59 s is in the band 30 to 59: code 3. Here 60 s would begin code 4.",
                "The same 59 s would also be 3 with the arms; the bands differ only at the top.",
                marks=((59, "heel touches the mat"),),
            ),
            "floor_rise": Twist(
                "No hands. He sways, hops on one foot, laughs, stands.",
                "No hands and some difficulty: 3. The show hides the difficulty; the hop shows it.",
            ),
            "stool_step": Twist(
                "He steps up slowly and with great ease of manner, one hand pressed on his knee.",
                "A hand on the own knee: 2. Ease of manner is not a level.",
                "He makes it look like nothing; the hand took weight.",
            ),
        },
    ),
    Child(
        "b1",
        "form-b",
        "Girl, 7, tired after the journey",
        "moderate",
        Look(skin="#e8cdb0", hair="#a8632d", hair_style="long"),
        "she",
        "Juvenile dermatomyositis, five months of treatment. She slept in the car and wakes up on "
        "the mat.",
        does(30, 1, 24, 2, ("thighs_held", "chest_held"), 2, 3, 29, 2, 2, 2, 2, 1, 2),
        {
            "head_lift": Twist(
                "The head is up while your colleague counts. It touches the mat as the "
                "watch shows 0:30.",
                "30 s begins the band 30 to 59: code 3.",
                marks=((30, "head touches the mat"),),
            ),
            "arm_hold": Twist(
                "Both arms are up. At 0:29 the left one drops; she lifts it again and "
                "holds both for another ten seconds.",
                "29 s, until the first drop: code 2.",
                "What comes after the drop is a second try.",
                again=(31, 41),
                marks=((29, "left arm drops"),),
            ),
            "stool_step": Twist(
                "Without a hand she stops. With the fingers of one hand on the table she "
                "is up easily.",
                "A hand on the table is 1, even if the touch is light and the step easy.",
                "Ease invites a 2 or 3. Table or examiner is 1.",
            ),
        },
    ),
    Child(
        "b2",
        "form-b",
        "Boy, 12, wants to be told that he is well",
        "mild",
        Look(skin="#8d5f45", hair="#1d1715"),
        "he",
        "Juvenile dermatomyositis, two years, hardly any treatment left. He watches the watch.",
        does(121, 2, 119, 3, 5, 3, 3, 60, 3, 4, 4, 3, 3, 3),
        {
            "head_lift": Twist(
                "The head is up until the watch shows 2:01.",
                "121 s: code 5.",
                marks=((121, "head touches the mat"),),
            ),
            "leg_lift": Twist(
                "He follows the hand of the watch and lets the leg down when it stands at "
                "the top for the second time; the dial reads 1:59.",
                "119 s: code 4. One second more would have been 5.",
                "At the top of the dial the eye reads a full minute; the figure says 1:59.",
                marks=((119, "heel touches the mat"),),
            ),
            "chair_rise": Twist(
                "No hands, but the first push does not carry; the second does, a little slowly.",
                "No hands and some difficulty: 3.",
                "So good elsewhere that the second push is overlooked.",
            ),
        },
    ),
    Child(
        "b3",
        "form-b",
        "Boy, 4, healthy as far as he is concerned",
        "mild",
        Look(skin="#d9b08c", hair="#4a3326"),
        "he",
        "Juvenile dermatomyositis, a year ago; the tests of blood have been normal for months. He is "
        "four and a half.",
        does(34, 2, 60, 3, 4, 3, 3, 62, 3, 4, 4, 4, 3, 3),
        {
            "head_lift": Twist(
                "The head is up while he looks at his toes. At 0:34 it goes down; he says "
                "that his neck is full.",
                "34 s: code 3, as it is for any age. Healthy children of four have "
                "about 46 to 47 of 52 in all; nothing is added for age.",
                "Raising the code 'because he is only four' makes the score useless later on.",
                marks=((34, "head touches the mat"),),
            ),
            "leg_lift": Twist(
                "The straight leg is in the air until the watch shows 1:00.",
                "60 s begins the band 60 to 119: code 4.",
                marks=((60, "heel touches the mat"),),
            ),
        },
    ),
    Child(
        "b4",
        "form-b",
        "Girl, 10, a wheelchair outdoors",
        "severe",
        Look(hair="#6d4a2f"),
        "she",
        "Juvenile dermatomyositis that came back in autumn. Transfers need one person.",
        does(10, 1, 8, 1, ("thighs_held",), 1, 1, 0, 1, 1, 1, 1, 0, 1),
        {
            "head_lift": Twist(
                "The head is up, quite still, until the watch shows 0:10.",
                "10 s begins the band 10 to 29: code 2.",
                "Ten is not nine.",
                marks=((10, "head touches the mat"),),
            ),
            "arm_hold": Twist(
                "The wrists do not pass the shoulders, so no time is taken.",
                "Tried and not reached: 0 s, code 0.",
            ),
            "pick_up": Twist(
                "She gets the pencil. On the way down and on the way up she leans on the "
                "thigh with all her weight.",
                "Heavy leaning: 1. A light, short touch would be 2.",
                "She succeeds, so a 2 is tempting. How heavy the support is decides.",
            ),
        },
    ),
]


def said(child: Child, task: str) -> str:
    """The finding in words."""
    twist = child.twists.get(task, Twist())
    words = twist.said
    if not words:
        value = child.does[task]
        rng = dice(child.key, task, "said")
        if task in TIMED:
            words = timed_words(task, float(value), rng.randrange(2))  # type: ignore[arg-type]
        elif task == "sit_ups":
            words = situp_words(value)  # type: ignore[arg-type]
        else:
            words = rng.choice(SEEN[task][int(value)])  # type: ignore[call-overload]
    return words.format(She=child.she.capitalize(), she=child.she)


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def timed_words(task: str, seconds: float, variant: int) -> str:
    what = {
        "head_lift": ("The head is lifted, chin tucked", "it touches the mat"),
        "leg_lift": ("The straight leg is lifted", "the heel touches the mat"),
        "arm_hold": ("Both arms are straight up", "one arm sinks"),
    }[task]
    if variant:
        return f"{what[0]}. When the watch shows {clock(seconds)}, {what[1]}."
    return f"{what[0]} and kept there; at {clock(seconds)} {what[1]}."


def situp_words(done: tuple[str, ...]) -> str:
    return f"Feet held: {tries(done, 'held')} Feet free: {tries(done, 'free')}"


def tries(done: tuple[str, ...], feet: str) -> str:
    """Which of the three ways succeed, as a sentence of its own."""
    kinds = [v for v in VARIANTS if v.endswith(feet)]
    yes = [PART_NAMES[v.split("_")[0]] for v in kinds if v in done]
    no = [PART_NAMES[v.split("_")[0]] for v in kinds if v not in done]
    if not no:
        return "{she} comes up in all three ways."
    if not yes:
        return "{she} does not come up in any of the three ways."
    return "{she} comes up with " + " and ".join(yes) + ", not with " + " or ".join(no) + "."


def why(child: Child, task: str) -> str:
    twist = child.twists.get(task, Twist())
    if twist.why:
        return twist.why
    value = child.does[task]
    if task in TIMED:
        bounds = TIMED[task]
        code = sum(float(value) >= b for b in bounds)  # type: ignore[arg-type]
        low = bounds[code - 1]
        band = f"from {low} s up" if code == len(bounds) else f"{low} to {bounds[code] - 1} s"
        return f"{num(value)} s lie in the band {band}: code {code}."
    if task == "sit_ups":
        n = len(value)  # type: ignore[arg-type]
        return f"{n} of the six variants succeed, each is one point: {n}."
    return WHY[task][int(value)]  # type: ignore[call-overload]


def num(value: object) -> str:
    return f"{float(value):g}"  # type: ignore[arg-type]


def panel(child: Child) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [{} for _ in range(5)]
    for task in TASKS:
        twist, value = child.twists.get(task, Twist()), child.does[task]
        for row, one in zip(rows, five(child, task, value, twist), strict=True):
            row[task] = one
    return [{"rater": f"Panel {n}", "ratings": flow(row)} for n, row in enumerate(rows, start=1)]


def five(child: Child, task: str, value: object, twist: Twist) -> list[object]:
    """Five ratings of one task whose median is what the case shows."""
    words = (child.key, task, "panel")
    if twist.na:
        return [flow({"na": twist.na}) for _ in range(5)]
    if task in TIMED:
        seconds = float(value)  # type: ignore[arg-type]
        sharp = seconds == 0
        return list(spread(seconds, low=0 if sharp else 1, high=0 if sharp else 600, words=words))
    if task == "sit_ups":
        done = list(value)  # type: ignore[call-overload]
        counts = spread(len(done), low=0, high=6, words=words, sharp=True)
        longer = [v for v in VARIANTS if v in done] + [v for v in EASY_FIRST if v not in done]
        return [flow_list(longer[: int(c)]) for c in counts]
    return list(
        spread(
            int(value),
            low=0,
            high=MOST[task],
            words=words,  # type: ignore[call-overload]
            sharp=task in ("leg_raise", "arm_raise", "stool_step"),
        )
    )


def alt(child: Child, task: str) -> str:
    """What the finding's picture shows, without the level."""
    twist = child.twists.get(task, Twist())
    if twist.na:
        return "A girl stands; her left wrist is in a cast."
    if task in TIMED:
        value = child.does[task]
        shown = clock(twist.watch if twist.watch is not None else float(value))  # type: ignore[arg-type]
        more = f"; {'; '.join(f'{w} at {clock(s)}' for s, w in twist.marks)}" if twist.marks else ""
        return (
            f"A stopwatch that reads {shown}, and a bar of the time during which it was up{more}."
        )
    if task == "sit_ups":
        return "Six small drawings of sit-ups: " + said(child, task)
    if task in ("leg_raise", "arm_raise", "all_fours"):
        return "Drawing: " + said(child, task)
    return "Three moments from left to right; rings mark where a hand takes weight. " + said(
        child, task
    )


def as_data(child: Child) -> dict[str, object]:
    traps = [{"item": t, "text": w.trap} for t, w in child.twists.items() if w.trap]
    return {
        "key": f"cmas-{child.key}",
        "title": child.title,
        "severity": child.severity,
        "media": [
            {
                "file": f"figures/{child.key}.svg",
                "alt": "A child sits on the mat beside the things of the test: couch, chair, stool, "
                "pencil, stopwatch.",
                "caption": NOTE,
            }
        ],
        "text": f"{child.text}\n\n*{NOTE}*",
        "findings": [
            {
                "item": t,
                "text": said(child, t),
                "file": f"figures/{child.key}-{t.replace('_', '-')}.svg",
                "alt": alt(child, t),
            }
            for t in TASKS
        ],
        "panel": panel(child),
        "reference": flow({"method": "median"}),
        "rationale": {t: why(child, t) for t in TASKS},
        "traps": traps,
        "revisit": {t: flow({"step": "tasks", "slide": REVISIT[t]}) for t in TASKS},
    }
