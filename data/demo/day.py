"""Monday 23 November 2026 in Lillevik: a visit list of the contract for the made-up town's doors.

Care comes in bundles that belong together for one patient (insulin and then breakfast, morning and
evening care), drawn a fixed number of times; doors, lengths and window edges are drawn by the seed.
The twelve carers can just about do it: a few optional visits are more than the day holds, and one
asks for a skill that nobody has, so that a plan has something to explain. No person is described.
"""
import math
import random

import town as lillevik

NURSE, MEDICINE, CARE, WOUND, CATHETER = "sykepleier", "medikament", "stell", "sårstell", "kateter"
HOME_NURSING, PRACTICAL_HELP = "15", "1"  # code system 9151


def visit(minutes, windows, criticality, skills=None, code=HOME_NURSING, carers=1, gap=None):
    """One visit of a bundle; `windows` as "07:45-09:15", `gap` in minutes after the bundle's visit before it."""
    return dict(minutes=minutes, windows=windows.split(), criticality=criticality, skills=skills or {},
                code=code, carers=carers, gap=gap)


ALL_NURSE, ALL_CARE = {"allOf": [NURSE]}, {"allOf": [CARE]}
GIVES_MEDICINE = {"anyOf": [MEDICINE, NURSE]}
# how many patients get it, its visits in order
BUNDLES = [
    (6, [visit((10, 15), "07:45-09:00", "time-critical", ALL_NURSE),
         visit((15, 20), "07:55-10:00", "normal", gap=(10, 60))]),
    (12, [visit((25, 45), "08:00-10:30", "important", ALL_CARE),
          visit((20, 25), "18:30-21:15", "important", ALL_CARE)]),
    (8, [visit((10, 15), "08:00-10:00", "important", GIVES_MEDICINE),
         visit((10, 15), "19:00-21:00", "important", GIVES_MEDICINE, gap=(600, 780))]),
    (4, [visit((10, 10), "08:00-09:30", "important", GIVES_MEDICINE),
         visit((10, 10), "12:00-14:30", "important", GIVES_MEDICINE, gap=(210, 330)),
         visit((10, 10), "16:00-19:30", "important", GIVES_MEDICINE, gap=(210, 330))]),
    (6, [visit((30, 40), "08:30-11:00 12:30-14:00", "normal", {"allOf": [NURSE, WOUND]})]),
    (3, [visit((30, 45), "08:30-10:45", "important", ALL_CARE, carers=2),
         visit((25, 30), "19:00-21:00", "important", ALL_CARE, carers=2)]),
    (9, [visit((15, 20), "11:15-13:30", "normal")]),
    (8, [visit((15, 20), "16:30-19:00", "normal")]),
    (2, [visit((30, 40), "09:00-14:00", "normal", {"allOf": [NURSE, CATHETER]})]),
    (4, [visit((10, 15), "17:00-18:30", "time-critical", ALL_NURSE)]),
    (18, [visit((60, 90), "08:30-14:00", "optional", code=PRACTICAL_HELP)]),
    (3, [visit((35, 45), "09:00-14:00 15:30-18:00", "optional", ALL_CARE)]),
    (1, [visit((45, 45), "09:00-13:30", "optional", {"allOf": ["tegnspråk"]}, code=PRACTICAL_HELP)]),
]
NARROW_TIME_CRITICAL = 30  # minutes from earliest to latest start

NURSE_SKILLS = [CATHETER, MEDICINE, CARE, NURSE, WOUND]
WORKER_SKILLS, ASSISTANT_SKILLS = [MEDICINE, CARE], [CARE]
# skills, mode, shift
STAFF = [
    (NURSE_SKILLS, "car", (450, 900)), (NURSE_SKILLS, "ebike", (450, 900)), (NURSE_SKILLS[1:4], "foot", (450, 900)),
    (WORKER_SKILLS, "car", (450, 900)), (WORKER_SKILLS + [WOUND], "car", (450, 900)),
    (WORKER_SKILLS, "ebike", (450, 780)), (WORKER_SKILLS, "foot", (480, 900)), (ASSISTANT_SKILLS, "bike", (510, 870)),
    (NURSE_SKILLS, "car", (900, 1350)), (NURSE_SKILLS[1:4], "ebike", (900, 1350)),
    (WORKER_SKILLS, "car", (900, 1350)), (ASSISTANT_SKILLS, "foot", (990, 1350)),
]


def build(town, seed):
    """The visit list as a plain dictionary, ready for JSON."""
    rng = random.Random(seed)
    carers = [carer(i, *row) for i, row in enumerate(STAFF, 1)]
    bundles = [steps for count, steps in BUNDLES for _ in range(count)]
    doors = patients_doors(town, rng, len(bundles))
    locations = [{"id": "BASE", "position": position(town, base(town))}]
    patients, visits = [], []
    for i, (door, steps) in enumerate(zip(doors, bundles), 1):
        locations.append(location(town, rng, f"L{i:03d}", door))
        patients.append({"ref": f"p-{i:03d}", "location": f"L{i:03d}"})
        visits += bundle_visits(rng, f"p-{i:03d}", steps, len(visits))
    for at, row in enumerate(visits):
        row["continuity"] = continuity(rng, row, carers, at)
    agreements(visits, carers)
    return {
        "schemaVersion": "1.0", "listId": "lillevik-2026-11-23", "version": 1, "mode": "accept-valid",
        "source": {"system": "demo", "instance": "lillevik", "extractedAt": "2026-11-23T06:05:00+01:00"},
        "unit": {"municipalityNumber": lillevik.MUNICIPALITY, "urbanDistrict": "999901"},
        "day": "2026-11-23", "timeZone": "Europe/Oslo",
        "locations": locations, "patients": patients, "visits": visits, "carers": carers,
    }


# Carers

def carer(number, skills, mode, shift):
    start, end = shift
    row = {"ref": f"c-{number:02d}", "skills": sorted(skills), "shift": {"start": clock(start), "end": clock(end)},
           "travel": {"mode": mode}, "start": "BASE", "end": "BASE", "overtime": {"maxMinutes": 30}}
    if end - start > 330:  # a shift of more than five and a half hours has a break
        middle = (start + end) // 2 // 15 * 15
        row["break"] = {"minutes": 30, "earliest": clock(middle - 75), "latest": clock(middle + 75), "paid": True,
                        "place": "anywhere"}
    return row


# Doors

def base(town):
    """The door nearest to the middle of the market street."""
    on_street = [door for door in town.doors if door["street"] == "Torggata"]
    return min(on_street, key=lambda door: math.hypot(*town.at(door["node"])))


def patients_doors(town, rng, count):
    """As many different doors; the first three are up in Setra and the next behind the farm's gate."""
    town_doors, setra, farm = [], [], []
    for door in town.doors:
        away = farm if door["street"] == "Gårdsveien" else setra
        (town_doors if door["postcode"] == lillevik.POSTCODE and away is setra else away).append(door)
    chosen = draw(rng, town_doors, count - 4) + draw(rng, setra, 3) + draw(rng, farm, 1)
    return draw(rng, chosen, count)


def draw(rng, items, count):
    """`count` different items, in the order drawn."""
    left = list(items)
    return [left.pop(int(rng.random() * len(left))) for _ in range(count)]


def location(town, rng, name, door):
    """A place given by its position, or in two cases of five by its address."""
    place = {"id": name}
    if rng.random() < 0.4:
        place["address"] = address(door)
    else:
        place["position"] = position(town, door)
    place["accessMinutes"] = 1 + int(rng.random() * 3)
    if rng.random() < 0.35:
        place["access"] = "e-lock"
    return place


def address(door):
    row = {"municipalityNumber": lillevik.MUNICIPALITY, "street": door["street"], "number": door["number"]}
    if door["letter"]:
        row["letter"] = door["letter"]
    return row | {"postalCode": door["postcode"]}


def position(town, door):
    lat, lon = lillevik.degrees(*town.at(door["node"]))
    return {"lat": lat / 1e7, "lon": lon / 1e7}


# Visits

def bundle_visits(rng, patient, steps, before):
    """The visits of one patient; `before` counts those already on the list."""
    rows = []
    for number, step in enumerate(steps, before + 1):
        row = {"id": f"v{number:03d}", "patient": patient, "service": {"system": "9151", "code": step["code"]},
               "durationMinutes": five_step(rng, *step["minutes"]), **windows(rng, step),
               "criticality": step["criticality"], "carers": step["carers"]}
        if step["skills"]:
            row["skills"] = step["skills"]
        if step["gap"]:
            row["gap"] = {"after": f"v{number - 1:03d}", "minMinutes": step["gap"][0], "maxMinutes": step["gap"][1]}
        rows.append(row | {"status": "planned"})
    return rows


def windows(rng, step):
    rows = [window(rng, text, step["criticality"]) for text in step["windows"]]
    return {"window": rows[0]} if len(rows) == 1 else {"windows": rows}


def window(rng, text, criticality):
    """The wide window of a bundle, or half an hour somewhere in it where the minute matters."""
    earliest, latest = map(minutes, text.split("-"))
    if criticality == "time-critical":
        earliest = five_step(rng, earliest, latest - NARROW_TIME_CRITICAL)
        latest = earliest + NARROW_TIME_CRITICAL
    return {"earliestStart": clock(earliest), "latestStart": clock(latest)}


def continuity(rng, row, carers, turn):
    """A primary and two more known faces among those who could come, the primary going round."""
    able = [c["ref"] for c in carers if may(c, row)]
    if not able:
        return {"distinctLast14d": 2}
    known = [able[(turn + i) % len(able)] for i in range(min(3, len(able)))]
    return {"primary": known[0], "known": sorted(known), "distinctLast14d": 3 + int(rng.random() * 9)}


def may(carer, row):
    """Has the skills, and works when the visit may start."""
    has, wants = set(carer["skills"]), row.get("skills", {})
    able = set(wants.get("allOf", [])) <= has and (not wants.get("anyOf") or has & set(wants["anyOf"]))
    start, end = (minutes(carer["shift"][side]) for side in ("start", "end"))
    spans = row.get("windows") or [row["window"]]
    return bool(able) and any(start <= minutes(w["earliestStart"]) and minutes(w["latestStart"]) < end for w in spans)


def agreements(visits, carers):
    """What has been agreed or has happened: two pinned visits, one cancellation, two carers who are not to come."""
    wound = next(v for v in visits if WOUND in v.get("skills", {}).get("allOf", []))
    wound["pinned"] = {"carer": wound["continuity"]["primary"], "start": "13:00"}
    pinned, cancelled = [v for v in visits if v["service"]["code"] == PRACTICAL_HELP][:2]
    pinned["pinned"] = {"carer": pinned["continuity"]["primary"]}
    cancelled["status"] = "cancelled"
    for row in [v for v in visits if v.get("skills") == ALL_CARE and v["carers"] == 1][4:10:5]:
        strangers = [c["ref"] for c in carers if may(c, row) and c["ref"] not in row["continuity"]["known"]]
        row["continuity"]["avoid"] = strangers[:1]


# Clock

def five_step(rng, low, high):
    return low + 5 * int(rng.random() * ((high - low) // 5 + 1))


def minutes(text):
    hours, rest = text.split(":")
    return 60 * int(hours) + int(rest)


def clock(total):
    return f"{total // 60:02d}:{total % 60:02d}"
