#!/usr/bin/env python3
"""Makes the demo: the map of Lillevik and one day of home-care visits in it.

    make_town.py           writes lillevik.osm.pbf and day.json beside this file
    make_town.py --check   writes nothing; fails if they are not what would be written

Lillevik does not exist and nobody lives in it. The same seed gives the same files, whatever the
machine; of the map, what counts is the content of its blocks, since zlib versions compress differently.
Needs Python 3.9 or newer and nothing else.
"""
import argparse
import json
import pathlib
import sys

import day
import osm_pbf
import town

SEED = 1814
TIMESTAMP = 1_795_392_000  # 2026-11-23T00:00:00Z
HERE = pathlib.Path(__file__).resolve().parent
MAP, DAY = HERE / "lillevik.osm.pbf", HERE / "day.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    asked = parser.parse_args()
    lillevik = town.build(SEED)
    map_bytes = osm_pbf.encode(*town.elements(lillevik), TIMESTAMP, "make_town.py")
    day_text = json.dumps(day.build(lillevik, SEED), ensure_ascii=False, indent=1) + "\n"
    if asked.check:
        return check(map_bytes, day_text)
    MAP.write_bytes(map_bytes)
    DAY.write_bytes(day_text.encode())
    print(f"{MAP.name}: {len(map_bytes)} bytes, {len(lillevik.xy)} nodes, {len(lillevik.ways)} ways, "
          f"{len(lillevik.doors)} addresses; {DAY.name}: {len(day_text.encode())} bytes")
    return 0


def check(map_bytes, day_text):
    """0 if both files hold what was just made, 1 (and a word about it) if not."""
    same_map = osm_pbf.raw_blocks(MAP.read_bytes()) == osm_pbf.raw_blocks(map_bytes)
    same_day = DAY.read_bytes() == day_text.encode()
    for name, same in ((MAP.name, same_map), (DAY.name, same_day)):
        print(f"{name}: {'as make_town.py makes it' if same else 'NOT what make_town.py makes; run it and commit'}")
    return 0 if same_map and same_day else 1


if __name__ == "__main__":
    sys.exit(main())
