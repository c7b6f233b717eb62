"""Lillevik, a town that does not exist: its river, streets, houses and land, in metres around Torget.

The plan by hand, the rest by rule: a jittered grid in the middle, a ring road whose southern side lies
across the river (two road bridges, one for feet and bicycles), neighbourhoods of the same kin but never
of the same shape (a collector, a loop, two cul-de-sacs), and a hamlet up the valley. x goes east, y north.
"""
import math
import random

# The middle of Hardangervidda, a high plateau with no roads and nobody's front door.
CENTRE_LAT, CENTRE_LON = 60.2200, 7.6500
METRES_PER_DEGREE = 111_195.0

MUNICIPALITY, CITY, POSTCODE, HAMLET_POSTCODE = "9999", "Lillevik", "9999", "9998"
COLUMNS = ["Vestre gate", "Skolegata", "Skippergata", "Storgata", "Smedgata", "Nygata", "Østre gate"]
ROWS = ["Fjordgata", "Torggata", "Kirkeveien", "Apotekergata", "Parkgata"]
INSIDE, OUTSIDE = ("veien", "svingen", "stubben", "tunet"), ("veien", "svingen", "faret", "lia")
# name, place on the ring (degrees), direction towards (x, y)
INNER = [("Bjørke", 30, (0, 214)), ("Syrin", 67, (0, -10)), ("Lerke", 113, (0, -10)), ("Rogne", 150, (0, 214))]
OUTER = [("Multe", 8), ("Tiur", 57), ("Furu", 124), ("Gauke", 172)]
SOUTHERN = [("Møll", -600), ("Sag", 140), ("Fløter", 640)]
HOUSE_EVERY, HOUSE_FROM_STREET = 44.0, 14.0


class Town:
    """Nodes, ways and relations as they will stand in the file, plus what the day needs: the doors."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.xy, self.node_tags = [], {}
        self.ways, self.relations, self.doors = [], [], []
        self.roads = []  # ((x, y), (x, y)) of every stretch that a house must keep away from
        self.numbered = []  # (street, nodes, postcode)

    def node(self, x, y, **tags):
        self.xy.append((x, y))
        self.tag(len(self.xy), **tags)
        return len(self.xy)

    def tag(self, node, **tags):
        self.node_tags.setdefault(node, {}).update(colons(tags))

    def at(self, node):
        return self.xy[node - 1]

    def line(self, points):
        return [self.node(x, y) for x, y in points]

    def way(self, nodes, **tags):
        self.ways.append((len(self.ways) + 1, list(nodes), colons(tags)))
        return len(self.ways)

    def area(self, points, **tags):
        nodes = self.line(points)
        return self.way(nodes + nodes[:1], **tags)

    def road(self, nodes, highway, **tags):
        self.roads += [(self.at(a), self.at(b)) for a, b in zip(nodes, nodes[1:])]
        return self.way(nodes, highway=highway, **tags)

    def street(self, nodes, highway, name, postcode=POSTCODE, **tags):
        """A road with houses along it."""
        self.numbered.append((name, nodes, postcode))
        return self.road(nodes, highway, name=name, **tags)

    def jitter(self, metres):
        # random() is the one draw that Python promises to repeat from version to version.
        return (2 * self.rng.random() - 1) * metres

    def pick(self, items):
        return items[int(self.rng.random() * len(items))]


def build(seed):
    """The whole town; the same seed gives the same town."""
    town = Town(seed)
    river(town)
    grid = centre(town)
    ring = ring_road(town)
    south, banks = across_the_river(town, ring)
    radials(town, grid, ring)
    promenade(town, grid, south, banks)
    for name, angle, towards in INNER:
        neighbourhood(town, name, INSIDE, ring[angle], towards)
    ends = [neighbourhood(town, name, OUTSIDE, ring[angle], away(town, ring[angle]), loop_on_left=angle < 90)
            for name, angle in OUTER]
    for name, x in SOUTHERN:
        neighbourhood(town, name, INSIDE, south[x], (x + town.jitter(90), -1200))
    valley = hamlet(town, ring[90])
    forest_walks(town, ends, valley[1])
    for name, nodes, postcode in town.numbered:
        houses(town, name, nodes, postcode)
    land(town)
    return town


# Water and bridges

def river_y(x):
    return -330 + 60 * math.sin(x / 350) + 25 * math.sin(x / 130 + 1)


def river(town):
    xs = range(-2000, 2001, 80)
    middle = [(x, river_y(x)) for x in xs]
    town.way(town.line(middle), waterway="river", name="Lilleelva")
    banks = [(x, y + 17) for x, y in middle] + [(x, y - 17) for x, y in reversed(middle)]
    town.area(banks, natural="water", water="river", name="Lilleelva")
    town.area(blob(town, (-1250, 900), 120, 14), natural="water", water="lake", name="Ulvetjern")


def across_the_river(town, ring):
    """Sørsideveien and the two bridges that close the ring; gives its nodes by x, and the northern bridge heads."""
    xs = [-985, -800, -600, -420, -200, 0, 140, 300, 460, 640, 820, 985]
    south = {x: town.node(x, -455 + 14 * math.sin(x / 140)) for x in xs}
    town.street(list(south.values()), "tertiary", "Sørsideveien", maxspeed="50", surface="asphalt")
    heads = []
    for x, end, bridge in ((-985, 195, "Møllebrua"), (985, -9, "Storbrua")):
        head = town.node(x, river_y(x) + 30)
        foot = town.node(x, river_y(x) - 30)
        rest = dict(name="Ringveien", ref="Rv 7", maxspeed="50", surface="asphalt")
        town.road([ring[end], head], "secondary", **rest)
        town.road([head, foot], "secondary", bridge="yes", layer="1", bridge__name=bridge, **rest)
        town.road([foot, south[x]], "secondary", **rest)
        heads.append(head)
    return south, heads


def promenade(town, grid, south, heads):
    """The riverside way for feet and bicycles, and Gangbrua, which no car may use."""
    stop = {x: town.node(x, river_y(x) + 40) for x in range(-900, 901, 150) if x}
    stop[0] = town.node(0, river_y(0) + 40)
    path = [heads[0]] + [stop[x] for x in sorted(stop)] + [heads[1]]
    shared = dict(foot="designated", bicycle="designated", surface="asphalt", lit="yes")
    town.road(path, "cycleway", name="Elvestien", **shared)
    bollard = town.node(0, (town.at(grid[3, 0])[1] + town.at(stop[0])[1]) / 2, barrier="bollard")
    town.road([grid[3, 0], bollard, stop[0]], "cycleway", **shared)
    far = town.node(0, river_y(0) - 35)
    town.road([stop[0], far], "cycleway", bridge="yes", layer="1", bridge__name="Gangbrua", **shared)
    town.road([far, south[0]], "cycleway", **shared)
    for column, x in ((0, -300), (6, 300)):
        town.road([grid[column, 0], stop[x]], "steps" if column else "footway", surface="gravel")


# The middle and the ring

def centre(town):
    """The grid; gives its nodes by (column, row)."""
    grid = {(c, r): town.node(110 * (c - 3) + town.jitter(13) * (c != 3), 100 * (r - 2) + town.jitter(13))
            for r in range(5) for c in range(7)}
    for c, name in enumerate(COLUMNS):
        town.street([grid[c, r] for r in range(5)], name=name, **column_tags(c))
    for r, name in enumerate(ROWS):
        if name in ("Torggata", "Kirkeveien"):
            continue  # one is in three parts, the other goes on to the ring
        town.street([grid[c, r] for c in range(7)], "unclassified", name, maxspeed="30", surface="asphalt")
    market_street(town, grid)
    for corner in (grid[3, 2], grid[3, 4], grid[6, 2]):
        town.tag(corner, highway="traffic_signals")
    return grid


def column_tags(column):
    tags = {"highway": "residential", "maxspeed": "30", "surface": "asphalt"}
    if column == 2:
        tags |= {"oneway": "yes"}
    if column == 3:
        tags |= {"highway": "tertiary"}
    if column == 4:
        tags |= {"oneway": "-1", "oneway__bicycle": "no"}
    if column == 6:
        tags = {"highway": "living_street", "surface": "paving_stones"}
    return tags


def market_street(town, grid):
    """Torggata: no cars in the middle; they park behind it."""
    nodes = [grid[c, 1] for c in range(7)]
    town.numbered.append(("Torggata", nodes, POSTCODE))
    town.road(nodes[:3], "residential", name="Torggata", maxspeed="30")
    town.road(nodes[2:5], "pedestrian", name="Torggata", bicycle="yes", surface="paving_stones")
    town.road(nodes[4:], "residential", name="Torggata", maxspeed="30")
    aisle = town.line([(26, -45), (72, -42)])
    town.road([grid[3, 2]] + aisle, "service", service="parking_aisle")
    town.node(60, -60, amenity="parking")


def ring_point(angle):
    turn = math.radians(angle)
    return 1000 * math.cos(turn), -100 + 800 * math.sin(turn)


def ring_road(town):
    """The northern horseshoe, one way between two radials as maps have it; gives its nodes by angle."""
    corners = [195, 187, 180, 172, 165, 158, 150, 142, 135, 128, 124, 113, 104, 97, 90,
               83, 75, 67, 57, 52, 45, 38, 30, 22, 15, 8, 2, -4, -9]
    ring = {angle: town.node(*ring_point(angle)) for angle in corners}
    radial = [195, 172, 128, 90, 52, 8, -9]
    for first, last in zip(radial, radial[1:]):
        nodes = [ring[angle] for angle in corners if last <= angle <= first]
        town.road(nodes, "secondary", name="Ringveien", ref="Rv 7", maxspeed="60", surface="asphalt")
    return ring


def radials(town, grid, ring):
    """From the middle out to the ring."""
    arms = {"Møllegata": ((0, 0), 187), "Elvegata": ((6, 0), -4),
            "Vestliveien": ((0, 4), 128), "Bakkegata": ((6, 4), 52)}
    for name, (corner, angle) in arms.items():
        speed = "40" if name.endswith("veien") else "50"
        town.street(bent(town, grid[corner], ring[angle], 5, 12), "tertiary", name, maxspeed=speed, surface="asphalt")
    storgata = bent(town, grid[3, 4], ring[90], 5, 8)
    town.street(storgata, "tertiary", "Kongens gate", maxspeed="50", surface="asphalt")
    kirkeveien(town, [grid[c, 2] for c in range(7)], ring)


def kirkeveien(town, middle, ring):
    west = bent(town, ring[172], middle[0], 6, 10)
    east = bent(town, middle[-1], ring[8], 6, 10)
    town.numbered.append(("Kirkeveien", west + middle[1:] + east[1:], POSTCODE))
    slow = dict(name="Kirkeveien", surface="asphalt", lit="yes")
    town.road(west, "tertiary", maxspeed="50", **slow)
    town.road(middle, "tertiary", maxspeed="40", **slow)
    # At the ring one may not turn left, towards the north.
    from_way = town.road(east, "tertiary", maxspeed="50", **slow)
    to_way = next(way for way, nodes, tags in town.ways if nodes[-1] == ring[8] and tags.get("name") == "Ringveien")
    town.relations.append((1, [("way", from_way, "from"), ("node", ring[8], "via"), ("way", to_way, "to")],
                           {"type": "restriction", "restriction": "no_left_turn"}))


def bent(town, start, end, pieces, wobble):
    """A line of `pieces` stretches from node to node that strays up to `wobble` metres."""
    (ax, ay), (bx, by) = town.at(start), town.at(end)
    dx, dy = (bx - ax) / pieces, (by - ay) / pieces
    between = [(ax + dx * i + town.jitter(wobble), ay + dy * i + town.jitter(wobble)) for i in range(1, pieces)]
    return [start] + town.line(between) + [end]


# Where people live

def neighbourhood(town, name, endings, anchor, towards, postcode=POSTCODE, loop_on_left=True):
    """A collector off `anchor`, a loop on one side, on the other two cul-de-sacs joined by a footpath.

    Gives the collector's far end.
    """
    place = frame(town, anchor, towards, 1 if loop_on_left else -1)
    bow = 14 + town.jitter(8)
    collector = [anchor] + town.line(place(u, bow * math.sin(u / 80)) for u in range(60, 301, 60))
    kin = [name + ending for ending in endings]
    town.street(collector, "residential", street_name(kin[0]), postcode, maxspeed=town.pick(["30", "40"]), lit="yes")
    depth = 135 + town.jitter(12)
    turns = [math.pi * i / 9 for i in range(1, 9)]
    loop = town.line(place(150 - 90 * math.cos(t), bow + depth * math.sin(t)) for t in turns)
    town.street([collector[1]] + loop + [collector[4]], "residential", street_name(kin[1]), postcode, maxspeed="30")
    ends = []
    for street, start in ((kin[2], 2), (kin[3], 4)):
        side = town.line(place(60 * start + v / 9 + town.jitter(4), 4 - v) for v in (40, 80, 125 + town.jitter(10)))
        town.tag(side[-1], highway="turning_circle")
        town.street([collector[start]] + side, "residential", street_name(street), postcode)
        ends.append(side[-1])
    snicket(town, *ends)
    town.area([place(u, v) for u, v in ((25, -165), (330, -165), (330, 175), (25, 175))], landuse="residential")
    return collector[-1]


def street_name(compound):
    return compound.replace("Møllv", "Møllev").replace("Mølls", "Mølles").replace("Møllt", "Møllet")


def snicket(town, start, end):
    """The short cut between two cul-de-sacs, shut to cars."""
    path = bent(town, start, end, 3, 5)
    town.tag(path[1], barrier=town.pick(["bollard", "cycle_barrier"]))
    town.road(path, "footway", bicycle="yes", surface=town.pick(["asphalt", "gravel"]))


def frame(town, anchor, towards, side):
    """Turns (along, to the left) from the anchor node into (x, y); to the right where `side` is -1."""
    x, y = town.at(anchor)
    length = math.hypot(towards[0] - x, towards[1] - y)
    dx, dy = (towards[0] - x) / length, (towards[1] - y) / length
    return lambda u, v: (x + u * dx - side * v * dy, y + u * dy + side * v * dx)


def away(town, node):
    x, y = town.at(node)
    return 2 * x, 2 * y + 100


def hamlet(town, junction):
    """Setra, two kilometres up the valley, and the farm with its own gate on the way; gives the valley road."""
    x, y = town.at(junction)
    bends = [(30, 140), (-20, 330), (-70, 560), (-40, 800), (50, 1010), (110, 1240), (90, 1480), (120, 1700)]
    valley = [junction] + town.line((x + dx, y + dy) for dx, dy in bends)
    town.numbered.append(("Seterveien", valley[5:], HAMLET_POSTCODE))
    town.road(valley, "tertiary", name="Seterveien", maxspeed="60", surface="asphalt")
    endings = ("haugen", "svingen", "faret", "lia")
    neighbourhood(town, "Seter", endings, valley[-1], (x + 120, y + 2600), HAMLET_POSTCODE)
    town.node(x + 120, y + 1850, place="hamlet", name="Setra")
    private_farm(town, valley[4])
    return valley


def private_farm(town, turn_off):
    x, y = town.at(turn_off)
    lane = [turn_off] + town.line([(x - 50, y + 20), (x - 120, y + 15), (x - 190, y + 50)])
    town.tag(lane[1], barrier="gate", access="private")
    town.numbered.append(("Gårdsveien", lane[2:], HAMLET_POSTCODE))
    town.road(lane, "service", name="Gårdsveien", access="private", surface="gravel")
    town.area([(x - 320, y - 120), (x - 60, y - 120), (x - 75, y - 10), (x - 310, y)], landuse="farmland")


def forest_walks(town, ends, crossing):
    """Paths between the outer neighbourhoods; the one over the valley road is a track with steps at its steepest."""
    out = [trail_head(town, end) for end in ends]
    for start, end in ((1, 0), (2, 3)):
        town.road([ends[start]] + bent(town, out[start], out[end], 6, 30) + [ends[end]], "path", surface="ground")
    climb = bent(town, out[1], crossing, 5, 20) + bent(town, crossing, out[2], 5, 20)[1:]
    town.road(climb[:3], "track", tracktype="grade2", surface="gravel", motor_vehicle="no")
    town.road(climb[2:4], "steps", incline="up")
    town.road(climb[3:], "track", tracktype="grade2", surface="gravel", motor_vehicle="no")


def trail_head(town, end):
    """Where the forest begins, a little way out from a neighbourhood's far end."""
    x, y = town.at(end)
    return town.node(1.1 * x, 1.1 * y)


# Doors

def houses(town, street, nodes, postcode):
    """Houses on both sides, odd numbers on the left; some doors carry a letter. Skips where there is no room."""
    number, path = 0, [town.at(n) for n in nodes]
    for x, y, dx, dy in steps_along(path, HOUSE_EVERY):
        number += 2
        for side, house in ((1, number - 1), (-1, number)):
            away = HOUSE_FROM_STREET + town.jitter(1)
            spot = (x - dy * away * side, y + dx * away * side)
            if has_room(town, spot):
                door(town, street, house, postcode, spot, (dx, dy))


def door(town, street, house, postcode, spot, along):
    """A house with its address, or two wall to wall, A and B; `along` is the street's direction."""
    letters = ["A", "B"] if town.rng.random() < 0.09 else [""]
    for i, letter in enumerate(letters):
        node = town.node(spot[0] + 5 * i * along[0], spot[1] + 5 * i * along[1],
                         addr__street=street, addr__housenumber=f"{house}{letter}",
                         addr__postcode=postcode, addr__city=CITY)
        town.doors.append({"node": node, "street": street, "number": house, "letter": letter, "postcode": postcode})
    walls(town, spot, along, 5 * (len(letters) - 1))


def walls(town, spot, along, longer):
    """A building around its door, `longer` metres more towards the next one."""
    half, deep = 6 + town.jitter(1), 4.5 + town.jitter(0.7)
    corners = [(-half, -deep), (half + longer, -deep), (half + longer, deep), (-half, deep)]
    town.area([(spot[0] + u * along[0] - v * along[1], spot[1] + u * along[1] + v * along[0]) for u, v in corners],
              building="semidetached_house" if longer else "house")


def steps_along(path, every):
    """(x, y, direction) each `every` metres of a line, the first one a little way in."""
    left = every * 0.6
    for (ax, ay), (bx, by) in zip(path, path[1:]):
        length = math.hypot(bx - ax, by - ay)
        dx, dy = (bx - ax) / length, (by - ay) / length
        while left < length:
            yield ax + dx * left, ay + dy * left, dx, dy
            left += every
        left -= length


def has_room(town, spot):
    x, y = spot
    if abs(y - river_y(x)) < 45:
        return False
    if any(math.hypot(x - ox, y - oy) < 20 for ox, oy in (town.at(d["node"]) for d in town.doors)):
        return False
    return all(distance(spot, a, b) > 12.5 for a, b in town.roads)


def distance(p, a, b):
    """From a point to a stretch, in metres."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    part = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy)
    part = min(1, max(0, part))
    return math.hypot(p[0] - a[0] - part * dx, p[1] - a[1] - part * dy)


# Land

def land(town):
    for middle, size in (((-1720, 350), 420), ((1620, 700), 460), ((-880, 1560), 500), ((800, 1650), 560),
                         ((-1350, -900), 450), ((1250, -1050), 420)):
        town.area(blob(town, middle, size, 16), landuse="forest")
    town.area([(-60, 225), (-215, 225), (-200, 330), (-70, 345)], leisure="park", name="Kirkeparken")
    town.area([(120, 240), (250, 245), (230, 330), (110, 325)], amenity="school", name="Lillevik skole")
    town.area([(-150, 265), (-118, 265), (-118, 279), (-150, 279)], building="church", amenity="place_of_worship",
              name="Lillevik kirke")
    town.area([(-345, -215), (345, -215), (345, 215), (-345, 215)], landuse="residential")
    town.node(0, 0, place="town", name=CITY)


def blob(town, middle, size, corners):
    turns = [2 * math.pi * i / corners for i in range(corners)]
    reach = [size * (1 + town.jitter(0.22)) for _ in turns]
    return [(middle[0] + r * math.cos(t), middle[1] + r * math.sin(t)) for r, t in zip(reach, turns)]


# As OpenStreetMap has it

def colons(tags):
    """Keyword arguments cannot hold a colon: `addr__street` is `addr:street`."""
    return {key.replace("__", ":"): value for key, value in tags.items()}


def degrees(x, y):
    """(latitude, longitude) in whole units of 1e-7 degree."""
    lat = CENTRE_LAT + y / METRES_PER_DEGREE
    lon = CENTRE_LON + x / (METRES_PER_DEGREE * math.cos(math.radians(CENTRE_LAT)))
    return round(lat * 1e7), round(lon * 1e7)


def elements(town):
    """Nodes, ways and relations as `osm_pbf.encode` takes them."""
    nodes = [(i, *degrees(x, y), town.node_tags[i]) for i, (x, y) in enumerate(town.xy, 1)]
    return nodes, town.ways, town.relations
