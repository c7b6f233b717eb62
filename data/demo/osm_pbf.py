"""Writes OpenStreetMap elements as a `.osm.pbf` file, and reads its blocks back for comparison.

Only what a small made-up map needs of https://wiki.openstreetmap.org/wiki/PBF_Format: a header, dense
nodes without metadata, ways, relations. Coordinates are whole units of 1e-7 degree, which is the
format's own default granularity, so that nothing is rounded here. Knows nothing of towns.
"""
import struct
import zlib

NODES_PER_BLOCK = 8000
MEMBER_TYPES = {"node": 0, "way": 1, "relation": 2}


def encode(nodes, ways, relations, timestamp, program):
    """The bytes of a file.

    `nodes` are (id, lat, lon, tags), `ways` (id, node ids, tags), `relations` (id, [(kind, id, role)],
    tags); each list is sorted by id, `timestamp` is in seconds since 1970.
    """
    out = [framed(b"OSMHeader", header(nodes, timestamp, program))]
    for first in range(0, len(nodes), NODES_PER_BLOCK):
        out.append(framed(b"OSMData", block(dense_nodes, 2, nodes[first:first + NODES_PER_BLOCK])))
    out.append(framed(b"OSMData", block(each_way, 3, ways)))
    out.append(framed(b"OSMData", block(each_relation, 4, relations)))
    return b"".join(out)


def raw_blocks(data):
    """The uncompressed content of every blob: equal for equal maps, whichever zlib compressed them."""
    at, blocks = 0, []
    while at < len(data):
        (head_size,) = struct.unpack_from(">I", data, at)
        head = fields(data[at + 4:at + 4 + head_size])
        at += 4 + head_size
        blocks.append((head[1], zlib.decompress(fields(data[at:at + head[3]])[3])))
        at += head[3]
    return blocks


def header(nodes, timestamp, program):
    lats, lons = [n[1] for n in nodes], [n[2] for n in nodes]
    sides = (min(lons), max(lons), max(lats), min(lats))  # left, right, top, bottom, in 1e-9 degree
    box = b"".join(number(field, zigzag(side * 100)) for field, side in enumerate(sides, 1))
    return (message(1, box) + message(4, b"OsmSchema-V0.6") + message(4, b"DenseNodes")
            + message(5, b"Sort.Type_then_ID") + message(16, program.encode()) + number(32, timestamp))


def block(group_of, field, elements):
    """A PrimitiveBlock with one group; `field` is the group's field for this kind of element."""
    strings = Strings()
    group = b"".join(message(field, part) for part in group_of(elements, strings))
    table = b"".join(message(1, text) for text in strings.table)
    return message(1, table) + message(2, group)


def dense_nodes(nodes, strings):
    tags = []
    for _, _, _, node_tags in nodes:
        for key, value in node_tags.items():
            tags += [strings.index(key), strings.index(value)]
        tags.append(0)
    columns = zip(*(n[:3] for n in nodes))
    ids, lats, lons = (packed(deltas(column)) for column in columns)
    yield message(1, ids) + message(8, lats) + message(9, lons) + message(10, packed(tags))


def each_way(ways, strings):
    for way, refs, tags in ways:
        yield number(1, way) + tag_columns(tags, strings) + message(8, packed(deltas(refs)))


def each_relation(relations, strings):
    for relation, members, tags in relations:
        roles = packed(strings.index(role) for _, _, role in members)
        ids = packed(deltas(member for _, member, _ in members))
        kinds = packed(MEMBER_TYPES[kind] for kind, _, _ in members)
        yield (number(1, relation) + tag_columns(tags, strings)
               + message(8, roles) + message(9, ids) + message(10, kinds))


def tag_columns(tags, strings):
    keys = packed(strings.index(key) for key in tags)
    return message(2, keys) + message(3, packed(strings.index(value) for value in tags.values()))


class Strings:
    """A block's string table; index 0 is empty because it ends the tags of a dense node."""

    def __init__(self):
        self.table = [b""]
        self.known = {}

    def index(self, text):
        if text not in self.known:
            self.known[text] = len(self.table)
            self.table.append(text.encode())
        return self.known[text]


def framed(kind, content):
    blob = number(2, len(content)) + message(3, zlib.compress(content, 9))
    head = message(1, kind) + number(3, len(blob))
    return struct.pack(">I", len(head)) + head + blob


# Protocol buffers: variable-length numbers, and fields of two kinds (number, bytes).

def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


def deltas(values):
    last = 0
    for value in values:
        yield zigzag(value - last)
        last = value


def packed(values):
    return b"".join(varint(value) for value in values)


def number(field, value):
    return varint(field << 3) + varint(value)


def message(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def fields(data):
    """The last value of each field of a message that holds numbers and bytes only."""
    at, found = 0, {}
    while at < len(data):
        key, at = read_varint(data, at)
        value, at = read_varint(data, at)
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        found[key >> 3] = value
    return found


def read_varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return value, at
