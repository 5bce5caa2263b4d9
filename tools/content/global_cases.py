"""The made-up cases of the physician global module: what is known, and where the mark belongs."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from casefile import NOTE, dice, flow, spread
from draw import Look
from global_scenes import Chart, Lungs, Mark, Panel, Scan

UP = (1.0, "limit")


def ck(*points: tuple[float, float], high: float = 25) -> Chart:
    return Chart("CK, times the upper limit", points, 0, high, UP)


def mmt(*points: tuple[float, float]) -> Chart:
    return Chart("MMT-8, of 80", points, 0, 80)


def fvc(*points: tuple[float, float]) -> Chart:
    return Chart("Lung capacity, % of expected", points, 20, 110, unit=" %")


def dose(*points: tuple[float, float]) -> Chart:
    return Chart("Prednisolone, mg a day", points, 0, 60)


FLUID = Scan("fluid", "yellow:|fluid in|the muscle")
FAT = Scan("fat", "white: fat,|no yellow")
QUIET = Scan("quiet", "no fluid,|no fat")
NEW_SHADOWS = Lungs("active", "yellow:|new|shadows")
OLD_SCAR = Lungs("scar", "scars, as|two years|ago")


@dataclass(frozen=True)
class Case:
    """One made-up patient.

    Attributes:
        vas: the intended mark in mm.
        level: the intended level, 0 to 4.
        why: why the mark lies there; why_level why the level.
    """

    key: str
    folder: str
    title: str
    severity: str
    who: Look
    text: str
    marks: tuple[Mark, ...]
    panels: tuple[Panel, ...]
    found: tuple[tuple[str, str], ...]
    vas: int
    level: int
    why: str
    why_level: str
    trap: str = ""
    slide: int = 13


CASES = [
    Case(
        "p1",
        "practice",
        "Woman, 34, new, and everything at once",
        "severe",
        Look(hair="#6d4a2f", hair_style="long"),
        "Nine weeks ago the eyelids, then the hands, then the stairs. No treatment yet. No earlier "
        "illness.",
        (
            Mark("rash", ("face", "chest", "hand_l", "hand_r"), "red rash"),
            Mark("weak", ("shoulder_l", "shoulder_r", "thigh_l", "thigh_r"), "weak"),
            Mark("trouble", ("throat",), "chokes on water"),
        ),
        (ck((-2, 6), (-1, 14), (0, 22)), mmt((-1, 52), (0, 38)), FLUID),
        (
            ("Muscle", "MMT-8 is 38 of 80. She cannot rise from a chair without help."),
            ("Skin", "Bright rash of eyelids, chest and hands, with papules over the knuckles."),
            ("Other organs", "Chokes on water twice a day. Lungs clear."),
            ("Laboratory", "CK 22 times the upper limit, and rising."),
        ),
        78,
        3,
        "Muscle, skin and swallowing are all active, nothing is lasting damage yet: the panel marks "
        "about 78 mm. It is not the very end, since breathing and heart are spared.",
        "Severely active: several organs, one of them dangerous. Extremely severe was left for "
        "danger to life.",
        slide=13,
    ),
    Case(
        "p2",
        "practice",
        "Man, 67, thin thighs for ten years",
        "mild",
        Look(skin="#e8cdb0", hair="#b9b4ac"),
        "Polymyositis in his fifties, no medicine for six years. He comes because his legs are thin "
        "and stairs are hard. They have been so for years.",
        (
            Mark("wasted", ("thigh_l", "thigh_r"), "wasted"),
            Mark("weak", ("hip_l", "hip_r"), "weak, as ever"),
        ),
        (ck((-24, 0.8), (-12, 0.7), (0, 0.7), high=5), mmt((-24, 56), (-12, 56), (0, 55)), FAT),
        (
            ("Muscle", "MMT-8 is 55 of 80, as in the last two years. Both thighs are wasted."),
            ("Skin", "Normal."),
            ("Other organs", "Nothing."),
            ("Laboratory", "CK below the upper limit in each of the last visits."),
            ("Imaging", "Fat in the thighs, no fluid."),
        ),
        4,
        0,
        "Weak, but from damage: wasting and fat, no fluid, normal CK, no change in two years. Nothing "
        "of it can get better with treatment, so the mark lies at the left end.",
        "Not active.",
        "Weakness is not activity. An atrophied muscle is weak for good.",
        slide=7,
    ),
    Case(
        "p3",
        "practice",
        "Woman, 51, weaker on a high dose",
        "mild",
        Look(skin="#d9b08c", hair="#3a2a20", hair_style="bun"),
        "Dermatomyositis. 50 mg of prednisolone since spring; rash and CK went within weeks. Now she "
        "says that the thighs get weaker again. The face is rounder than before.",
        (
            Mark("weak", ("thigh_l", "thigh_r"), "weak, new"),
            Mark("rash", ("hand_r",), "faint rash"),
        ),
        (dose((-6, 50), (-3, 50), (0, 45)), ck((-6, 12), (-3, 1), (0, 0.5), high=15), QUIET),
        (
            (
                "Muscle",
                "MMT-8 is 64 of 80; three months ago it was 72. Only the hips lost strength.",
            ),
            ("Skin", "A faint pink trace over one knuckle."),
            ("Laboratory", "CK half the upper limit."),
            ("Imaging", "No fluid in the muscles."),
            ("Treatment", "High dose for six months; bruises, round face."),
        ),
        12,
        1,
        "The new weakness fits the medicine: hips only, normal CK, no fluid, high dose for months. That "
        "is an effect of treatment and not activity. The trace of rash is active: about 12 mm.",
        "Mildly active, for the rash.",
        "Steroid myopathy: marking it as activity asks for more of what causes it.",
        slide=8,
    ),
    Case(
        "p4",
        "practice",
        "Man, 44, short of breath, strong as ever",
        "moderate",
        Look(skin="#8d5f45", hair="#1d1715"),
        "Antisynthetase syndrome, known for a year. Over six weeks he has come to stop on each floor. "
        "He trains with weights and is proud of his strength.",
        (
            Mark("crackle", ("lung_l", "lung_r"), "crackles"),
            Mark("scar", ("hand_l", "hand_r"), "dry, cracked hands"),
        ),
        (fvc((-6, 92), (-3, 84), (0, 66)), NEW_SHADOWS, ck((-6, 1.1), (-3, 0.9), (0, 0.9), high=5)),
        (
            ("Muscle", "MMT-8 is 80 of 80."),
            ("Skin", "Mechanic's hands, mild."),
            (
                "Lungs",
                "Capacity fell from 84 to 66 % of expected in three months; crackles; new shadows.",
            ),
            ("Laboratory", "CK normal. No infection was found."),
        ),
        64,
        3,
        "One organ, but an important one and clearly active: new shadows and a capacity that falls. The "
        "global rates the whole disease, so a strong patient may stand far to the right.",
        "Severely active: the lung is at risk.",
        "Strength and CK are normal. Who looks at muscle only marks it near zero.",
        slide=10,
    ),
    Case(
        "p5",
        "practice",
        "Girl, 12, knuckles and nothing else",
        "mild",
        Look(hair="#a8632d", hair_style="long"),
        "Juvenile dermatomyositis, two years. She runs and swims. The rash over the knuckles never "
        "quite went and is redder since last month.",
        (Mark("rash", ("hand_l", "hand_r"), "red papules"),),
        (ck((-6, 0.8), (-3, 0.9), (0, 0.9), high=5), mmt((-6, 78), (0, 80))),
        (
            ("Muscle", "MMT-8 is 80 of 80, no complaint."),
            ("Skin", "Red papules over the knuckles, some change at the nail folds."),
            ("Other organs", "Nothing."),
            ("Laboratory", "Normal."),
        ),
        22,
        1,
        "Active skin of small extent and nothing else: about 22 mm. It is not zero, since it is red and "
        "new; it is far from the middle, since no other system takes part.",
        "Mildly active.",
        "'Only skin' is still activity.",
        slide=9,
    ),
    Case(
        "p6",
        "practice",
        "Woman, 58, better, but not well",
        "moderate",
        Look(skin="#f0dcc4", hair="#8a6f4d", hair_style="bun"),
        "Dermatomyositis, four months of treatment. She can do the shopping again, sits down twice on "
        "the way, and the rash has faded without going.",
        (
            Mark("rash", ("chest", "hand_l"), "faded rash"),
            Mark("weak", ("thigh_l", "thigh_r"), "weak"),
        ),
        (ck((-4, 15), (-2, 6), (0, 3), high=20), mmt((-4, 48), (-2, 58), (0, 64))),
        (
            ("Muscle", "MMT-8 is 64 of 80, up from 48."),
            ("Skin", "Pale pink on chest and one hand."),
            ("Other organs", "Tired; joints quiet; lungs clear."),
            ("Laboratory", "CK three times the upper limit, was fifteen times."),
        ),
        45,
        2,
        "Clear activity of muscle and some of skin, half way down from where it was: about 45 mm. That "
        "she is much better is a change; the mark is for today.",
        "Moderately active.",
        "Improvement pulls the mark to the left. Rate the state, not the change.",
        slide=12,
    ),
    Case(
        "a1",
        "form-a",
        "Man, 39, cannot climb, cannot swallow",
        "severe",
        Look(skin="#d9b08c", hair="#2b2320"),
        "Dermatomyositis for five weeks. He was brought in a wheelchair; since yesterday he is fed "
        "through a tube.",
        (
            Mark("weak", ("shoulder_l", "shoulder_r", "thigh_l", "thigh_r"), "very weak"),
            Mark("rash", ("face", "chest", "shoulder_l", "hand_l", "hand_r"), "red rash, blisters"),
            Mark("trouble", ("throat",), "cannot swallow"),
            Mark("crackle", ("lung_l",), "crackles"),
        ),
        (ck((-1, 18), (0, 40), high=45), mmt((-1, 40), (0, 18)), fvc((-1, 80), (0, 58))),
        (
            ("Muscle", "MMT-8 is 18 of 80; he cannot lift the head."),
            ("Skin", "Rash of half of the body, in places with blisters."),
            ("Other organs", "Cannot swallow. Breathing is shallow; capacity 58 % of expected."),
            ("Laboratory", "CK 40 times the upper limit."),
        ),
        90,
        4,
        "Nearly everything is active, and breathing and swallowing are in danger. Little is left to the "
        "right of it: about 90 mm.",
        "Extremely severely active: life is at risk.",
        "The right end exists. Who never goes beyond 80 cannot show such a patient.",
        slide=13,
    ),
    Case(
        "a2",
        "form-a",
        "Woman, 72, old scans, old shoulders",
        "mild",
        Look(hair="#d8d4cb", hair_style="bun"),
        "Dermatomyositis twenty years ago, cured, as she says. The arms have not gone above the "
        "shoulder since. She comes for a certificate.",
        (
            Mark("wasted", ("upper_arm_l", "upper_arm_r"), "wasted"),
            Mark("fixed", ("elbow_l",), "fixed"),
            Mark("scar", ("chest",), "pale, mottled skin"),
        ),
        (ck((-36, 0.6), (-12, 0.7), (0, 0.6), high=5), mmt((-36, 58), (0, 58)), FAT),
        (
            (
                "Muscle",
                "MMT-8 is 58 of 80, the same for three years. Upper arms wasted, one elbow fixed.",
            ),
            ("Skin", "Mottled, pale and brown on the chest; not red, not scaling."),
            ("Laboratory", "CK normal for years."),
            ("Imaging", "Fat, no fluid."),
        ),
        3,
        0,
        "Wasting, a contracture and mottled skin are damage. Nothing is red, nothing moves, CK and scan "
        "are quiet: the left end.",
        "Not active.",
        "So much is wrong with her that the hand wants to go to the middle. It is all damage.",
        slide=7,
    ),
    Case(
        "a3",
        "form-a",
        "Woman, 29, a cough since the cold months",
        "moderate",
        Look(skin="#8d5f45", hair="#241a17", hair_style="long"),
        "Antisynthetase antibody, found because of a dry cough. Never weak, never a rash. She climbs two "
        "floors, was four in autumn.",
        (Mark("crackle", ("lung_l", "lung_r"), "crackles"),),
        (fvc((-8, 95), (-4, 88), (0, 76)), NEW_SHADOWS, mmt((-8, 80), (0, 80))),
        (
            ("Muscle", "MMT-8 is 80 of 80, CK normal."),
            ("Skin", "Normal."),
            ("Lungs", "Capacity 76 % of expected, was 88; new shadows at the bases; no infection."),
            ("Other organs", "Joints quiet."),
        ),
        55,
        2,
        "The lung alone, active and getting worse, and still with reserve: a little to the right of the "
        "middle.",
        "Moderately active.",
        "No weakness, no rash: easily marked near zero. The global counts the lung.",
        slide=10,
    ),
    Case(
        "a4",
        "form-a",
        "Boy, 9, eyelids and hands",
        "mild",
        Look(skin="#e8cdb0", hair="#4a3326"),
        "Juvenile dermatomyositis, one year. He plays as before and asks whether the purple eyelids "
        "will go for the school photograph.",
        (
            Mark("rash", ("eyelids", "hand_l", "hand_r", "knee_l"), "rash"),
            Mark("weak", ("hip_l",), "a little weak"),
        ),
        (ck((-6, 2), (-3, 1.2), (0, 1.2), high=5), mmt((-6, 70), (0, 75))),
        (
            ("Muscle", "MMT-8 is 75 of 80; climbs stairs without the rail."),
            ("Skin", "Purple eyelids, red knuckles, one knee."),
            ("Other organs", "Nothing."),
            ("Laboratory", "CK just above the upper limit."),
        ),
        32,
        1,
        "Skin in several places and a trace of muscle: more than a single sign, less than the middle.",
        "Mildly active.",
        slide=9,
    ),
    Case(
        "a5",
        "form-a",
        "Man, 55, still weak as the dose comes down",
        "moderate",
        Look(skin="#f0dcc4", hair="#77716a"),
        "Necrotising myopathy, ten months of treatment. As the dose came down, CK and weakness came "
        "back together.",
        (Mark("weak", ("shoulder_l", "shoulder_r", "thigh_l", "thigh_r"), "weak"),),
        (dose((-6, 40), (-3, 20), (0, 10)), ck((-6, 2), (-3, 5), (0, 9), high=12), FLUID),
        (
            ("Muscle", "MMT-8 is 58 of 80, was 68. Shoulders and hips alike."),
            ("Skin", "Normal."),
            ("Laboratory", "CK nine times the upper limit, was twice."),
            ("Imaging", "Fluid in the thighs."),
        ),
        52,
        2,
        "Weak while the dose falls and CK and fluid rise: that is the disease and not the medicine. "
        "Muscle only, moderate: about the middle.",
        "Moderately active.",
        "He took steroids for months, so steroid myopathy comes to mind. The rising CK, the fluid and "
        "the falling dose speak against it.",
        slide=8,
    ),
    Case(
        "a6",
        "form-a",
        "Woman, 63, the dose was doubled in spring",
        "mild",
        Look(skin="#d9b08c", hair="#b9b4ac", hair_style="bun"),
        "Polymyositis. In spring the dose was doubled because she was weak. Since then she has become "
        "weaker, has gained weight, and falls.",
        (
            Mark("weak", ("hip_l", "hip_r", "thigh_l", "thigh_r"), "weak"),
            Mark("trouble", ("face",), "round face"),
        ),
        (dose((-8, 20), (-5, 40), (0, 40)), ck((-8, 2), (-5, 1), (0, 0.6), high=5), QUIET),
        (
            ("Muscle", "MMT-8 is 62 of 80; hips only, arms full."),
            ("Skin", "Thin, bruised; no rash."),
            ("Laboratory", "CK below the upper limit since the dose was doubled."),
            ("Imaging", "No fluid, no fat."),
        ),
        7,
        0,
        "Hips only, CK normal, no fluid, and it began after the dose was doubled: an effect of the "
        "medicine. Nothing active can be shown: near the left end.",
        "Not active. The one rater of the panel who wrote 1 was not sure that nothing was left.",
        "'Weaker, so more active' is the thought that doubled the dose.",
        slide=8,
    ),
    Case(
        "b1",
        "form-b",
        "Woman, 47, rash, fever, joints and stairs",
        "severe",
        Look(hair="#5a4634", hair_style="long"),
        "Antisynthetase syndrome in a flare of two weeks. Fever every evening; cultures are negative and "
        "infection was looked for with care.",
        (
            Mark("rash", ("chest", "hand_l", "hand_r"), "rash"),
            Mark("swollen", ("elbow_l", "elbow_r", "knee_l", "knee_r"), "swollen joints"),
            Mark("weak", ("thigh_l", "thigh_r"), "weak"),
            Mark("crackle", ("lung_r",), "crackles"),
        ),
        (ck((-6, 1), (-1, 5), (0, 12), high=15), mmt((-6, 76), (0, 56)), fvc((-6, 88), (0, 80))),
        (
            ("Muscle", "MMT-8 is 56 of 80, was 76."),
            ("Skin", "Rash of chest and hands."),
            (
                "Other organs",
                "Four swollen joints, fever to 39, capacity 80 % of expected, was 88.",
            ),
            ("Laboratory", "CK twelve times the upper limit."),
        ),
        72,
        3,
        "Five systems at once, none of them at the edge: about 72 mm.",
        "Severely active.",
        slide=13,
    ),
    Case(
        "b2",
        "form-b",
        "Man, 31, stones under the skin",
        "mild",
        Look(skin="#f0dcc4", hair="#2e2620"),
        "Juvenile dermatomyositis at seven. Hard lumps at elbows and knees since his teens; two knees "
        "that do not straighten. He is an accountant and tired of doctors.",
        (
            Mark("lumps", ("elbow_l", "elbow_r", "knee_l", "thigh_r"), "calcium"),
            Mark("fixed", ("knee_l", "knee_r"), "fixed"),
            Mark("scar", ("shin_l", "hand_r"), "scars"),
        ),
        (ck((-36, 0.8), (-12, 0.9), (0, 0.8), high=5), mmt((-36, 70), (0, 70)), QUIET),
        (
            ("Muscle", "MMT-8 is 70 of 80, the same for three years; both knees fixed in a bend."),
            ("Skin", "Lumps of calcium, old scars where some came out; no redness, no papules."),
            ("Laboratory", "Normal."),
            ("Imaging", "Calcium under the skin; muscles without fluid."),
        ),
        5,
        0,
        "Calcium, contractures and scars stay when the disease has gone: damage. Nothing active is "
        "found, so the mark is at the left end.",
        "Not active.",
        "It looks dramatic. Damage is rated on a line of its own.",
        slide=7,
    ),
    Case(
        "b3",
        "form-b",
        "Man, 50, two floors fewer than in spring",
        "moderate",
        Look(skin="#d9b08c", hair="#3a3a3a"),
        "Interstitial lung disease with a myositis antibody. He never noticed his muscles. Two months "
        "ago the dose was lowered.",
        (Mark("crackle", ("lung_l", "lung_r"), "crackles"),),
        (fvc((-6, 86), (-2, 82), (0, 63)), NEW_SHADOWS, ck((-6, 0.7), (0, 0.8), high=5)),
        (
            ("Muscle", "MMT-8 is 80 of 80."),
            ("Skin", "Normal."),
            (
                "Lungs",
                "Capacity 63 % of expected, was 82 two months ago; new shadows; no infection.",
            ),
            ("Other organs", "No oxygen at rest; it falls when he walks."),
        ),
        65,
        3,
        "One vital organ is active and getting worse quickly: well to the right of the middle.",
        "Severely active: a lung that loses a fifth in two months.",
        "With full strength and normal CK this is the patient who is marked at 10.",
        slide=10,
    ),
    Case(
        "b4",
        "form-b",
        "Girl, 8, the rash has gone",
        "mild",
        Look(skin="#8d5f45", hair="#1d1715", hair_style="bun"),
        "Juvenile dermatomyositis, eight months of treatment. No rash for three months. She still gets "
        "up from the floor with a hand on her knee.",
        (Mark("weak", ("hip_l", "hip_r"), "a little weak"),),
        (ck((-6, 9), (-3, 3), (0, 1.6), high=12), mmt((-6, 52), (-3, 64), (0, 71))),
        (
            ("Muscle", "MMT-8 is 71 of 80 and has risen at each visit."),
            ("Skin", "Normal."),
            ("Other organs", "Nothing."),
            ("Laboratory", "CK 1.6 times the upper limit, falling."),
        ),
        24,
        1,
        "Some activity is left in the muscle: CK is still raised and strength still rising. About 24 mm.",
        "Mildly active.",
        "The way down from 52 is impressive. The mark is for what is left.",
        slide=12,
    ),
    Case(
        "b5",
        "form-b",
        "Woman, 66, some of each",
        "moderate",
        Look(skin="#e8cdb0", hair="#c9c5bd", hair_style="bun"),
        "Dermatomyositis for three years. Thighs wasted since the first year. Since two months a new "
        "rash, and the arms tire, which they never did.",
        (
            Mark("rash", ("chest", "face"), "new rash"),
            Mark("wasted", ("thigh_l", "thigh_r"), "wasted"),
            Mark("weak", ("shoulder_l", "shoulder_r"), "weak, new"),
        ),
        (
            ck((-6, 0.9), (-2, 3), (0, 5), high=10),
            mmt((-6, 62), (0, 54)),
            Scan("both", "yellow fluid,|white fat"),
        ),
        (
            ("Muscle", "MMT-8 is 54 of 80, was 62. Thighs as ever, shoulders new."),
            ("Skin", "New red rash of chest and face."),
            ("Other organs", "Lungs clear."),
            ("Laboratory", "CK five times the upper limit, was normal."),
            ("Imaging", "Fluid and fat side by side."),
        ),
        50,
        2,
        "Take the old thighs away in your mind: new rash, new weakness of the shoulders, CK and fluid "
        "remain. That is moderate activity, about the middle.",
        "Moderately active.",
        "Damage and activity in one patient. Rating all of the weakness goes too far right; explaining "
        "all of it by damage too far left.",
        slide=6,
    ),
    Case(
        "b6",
        "form-b",
        "Man, 70, fever and a high dose",
        "mild",
        Look(hair="#d8d4cb"),
        "Dermatomyositis, quiet for a year. Three days of fever and cough with a shadow in one lobe and "
        "bacteria in the sputum; he takes an antibiotic and is better.",
        (
            Mark("crackle", ("lung_r",), "crackles, one side"),
            Mark("weak", ("thigh_l", "thigh_r"), "tired"),
        ),
        (
            ck((-12, 0.7), (-6, 0.8), (0, 0.9), high=5),
            mmt((-12, 74), (0, 73)),
            dose((-12, 20), (-6, 12), (0, 10)),
        ),
        (
            ("Muscle", "MMT-8 is 73 of 80, was 74."),
            ("Skin", "Normal."),
            ("Lungs", "One lobe, bacteria found, better after three days of antibiotic."),
            ("Laboratory", "CK normal."),
        ),
        6,
        0,
        "Fever and shadow come from an infection, which is not the disease. Muscle, skin and CK are "
        "quiet: near the left end.",
        "Not active.",
        "Lung and fever look like a flare. Rate myositis, not whatever else is wrong.",
        slide=11,
    ),
    Case(
        "c1",
        "calibration",
        "Woman, 45, sore fingertips and short of breath",
        "severe",
        Look(skin="#d9b08c", hair="#2b2320", hair_style="long"),
        "Dermatomyositis for two months, found because of open sores over the knuckles. Since ten days "
        "she rests half way up one flight of stairs.",
        (
            Mark("rash", ("face", "chest", "elbow_l", "elbow_r"), "purple rash"),
            Mark("trouble", ("hand_l", "hand_r"), "open sores"),
            Mark("crackle", ("lung_l", "lung_r"), "crackles"),
        ),
        (fvc((-2, 90), (-1, 81), (0, 68)), NEW_SHADOWS, ck((-2, 0.8), (-1, 1), (0, 0.9), high=5)),
        (
            ("Muscle", "MMT-8 is 78 of 80."),
            ("Skin", "Purple rash of face, chest and elbows; sores over six knuckles."),
            ("Lungs", "Capacity 68 % of expected, was 81 a month ago; new shadows; no infection."),
            ("Laboratory", "CK normal."),
        ),
        80,
        3,
        "Skin that breaks open and a lung that loses ground within weeks, both active: about 80 mm. She "
        "still breathes without help, so the end of the line is left for worse.",
        "Severely active: two organs, one of them in danger.",
        "Nearly full strength and a normal CK. Who looks at muscle only marks her near zero.",
        slide=10,
    ),
    Case(
        "c2",
        "calibration",
        "Man, 61, high liver values after a holiday",
        "mild",
        Look(skin="#e8cdb0", hair="#77716a"),
        "Dermatomyositis, without medicine for three years. Jaundice since last week; a virus of the "
        "liver was found. He is tired and fears that all of it begins again.",
        (
            Mark("trouble", ("belly",), "tender"),
            Mark("scar", ("hand_l", "hand_r"), "pale, old marks"),
        ),
        (
            Chart("ALT, times the upper limit", ((-6, 0.6), (-1, 4), (0, 12)), 0, 15, UP),
            ck((-12, 0.6), (-6, 0.7), (0, 0.7), high=5),
            mmt((-12, 79), (0, 79)),
        ),
        (
            ("Muscle", "MMT-8 is 79 of 80, as a year ago."),
            ("Skin", "Pale, flat marks over the knuckles; nothing red."),
            ("Other organs", "Lungs and joints quiet."),
            ("Laboratory", "CK normal; ALT twelve times the upper limit; hepatitis A found."),
        ),
        3,
        0,
        "The liver is ill, and not from myositis: ALT without CK, a virus, no weakness, no rash. The old "
        "marks are damage. Nothing is active: the left end.",
        "Not active.",
        "ALT comes from muscle as well as from liver. Here CK says that it is not muscle.",
        slide=11,
    ),
    Case(
        "c3",
        "calibration",
        "Girl, 6, slow at table",
        "moderate",
        Look(skin="#8d5f45", hair="#1d1715", hair_style="bun"),
        "Juvenile dermatomyositis, found three months ago. Meals take an hour since the medicine was "
        "lowered, and she is carried upstairs in the evening.",
        (
            Mark("rash", ("eyelids", "hand_l", "hand_r"), "rash"),
            Mark("weak", ("neck", "thigh_l", "thigh_r"), "weak"),
        ),
        (ck((-3, 14), (-1, 3), (0, 6), high=20), mmt((-3, 50), (-1, 66), (0, 58)), FLUID),
        (
            ("Muscle", "MMT-8 is 58 of 80, was 66 a month ago; lifts the head with effort."),
            ("Skin", "Purple eyelids, red knuckles."),
            ("Other organs", "Chews slowly, does not choke. Lungs clear."),
            ("Laboratory", "CK six times the upper limit, was three times."),
        ),
        56,
        2,
        "Muscle and skin are active and getting worse as the dose falls; swallowing is safe. A little to "
        "the right of the middle.",
        "Moderately active.",
        "She is better than at the beginning. Rate today: it is going up again.",
        slide=12,
    ),
    Case(
        "c4",
        "calibration",
        "Man, 52, old scars and new eyelids",
        "mild",
        Look(hair="#8a6f4d"),
        "Antisynthetase syndrome for nine years. The lung was scarred in the first year and has kept "
        "still since. Three weeks ago the eyelids became red and swollen.",
        (
            Mark("rash", ("eyelids",), "red, swollen"),
            Mark("crackle", ("lung_l", "lung_r"), "crackles, as ever"),
        ),
        (fvc((-36, 64), (-12, 63), (0, 64)), OLD_SCAR, ck((-12, 0.8), (0, 0.9), high=5)),
        (
            ("Muscle", "MMT-8 is 80 of 80."),
            ("Skin", "Red, swollen eyelids; hands clear."),
            ("Lungs", "Capacity 64 % of expected, as three years ago; scars, nothing new."),
            ("Laboratory", "CK normal."),
        ),
        18,
        1,
        "The lung is damage: the same capacity and the same scars for years. New are the eyelids alone, "
        "and they are active: about 18 mm.",
        "Mildly active.",
        "A capacity of 64 % looks like the lung that is marked at 64. That one was getting worse.",
        slide=10,
    ),
]


def near(case: Case) -> list[int]:
    """Five made-up marks whose median is the intended one, most within 6 mm."""
    rng = dice(case.key, "vas")
    wide = 3 if case.vas < 10 else 4 + rng.randrange(3)
    below = sorted((rng.randrange(0, wide), rng.randrange(2, wide + 2)))
    above = sorted((rng.randrange(0, wide), rng.randrange(2, wide + 3)))
    out = [
        max(case.vas - below[1], 0),
        max(case.vas - below[0], 0),
        case.vas,
        min(case.vas + above[0], 100),
        min(case.vas + above[1], 100),
    ]
    rng.shuffle(out)
    if median(out) != case.vas:
        raise ValueError(case.key)
    return out


def as_data(case: Case) -> dict[str, object]:
    levels = spread(case.level, low=0, high=4, words=(case.key, "level"), sharp=True)
    rows = [
        {"rater": f"Panel {n}", "ratings": flow({"activity_vas": v, "activity_likert": k})}
        for n, (v, k) in enumerate(zip(near(case), levels, strict=True), start=1)
    ]
    legends = "; ".join(m.legend for m in case.marks) or "nothing"
    return {
        "key": f"pga-{case.key}",
        "title": case.title,
        "severity": case.severity,
        "media": [
            {
                "file": f"figures/{case.key}.svg",
                "alt": f"A body with marks for {legends}. Beside it: {charts(case)}.",
                "caption": NOTE,
            }
        ],
        "text": f"{case.text}\n\n*{NOTE}*",
        "findings": [{"heading": h, "text": t} for h, t in case.found],
        "panel": rows,
        "reference": flow({"method": "median"}),
        "rationale": {"activity_vas": case.why, "activity_likert": case.why_level},
        "traps": [{"item": "activity_vas", "text": case.trap}] if case.trap else [],
        "revisit": {
            k: flow({"step": "marking", "slide": case.slide})
            for k in ("activity_vas", "activity_likert")
        },
    }


def charts(case: Case) -> str:
    words = []
    for p in case.panels:
        if isinstance(p, Chart):
            run = ", ".join(f"{v:g}{p.unit}" for _, v in p.points)
            words.append(f"{p.title}: {run}")
        else:
            name = "MRI of the thighs" if isinstance(p, Scan) else "CT of the lungs"
            words.append(f"{name} ({p.words.replace('|', ' ')})")
    return "; ".join(words)
