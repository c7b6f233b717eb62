#!/usr/bin/env python3
"""Holds travel tables by car against OSRM's, on one extract and one file of points.

    python3.12 -m venv venv && venv/bin/pip install osrm-bindings numpy
    cargo build --release
    venv/bin/python benches/osrm/compare.py oslo.osm.pbf points.csv

Both engines build their map of the extract and make the table between the same points. The points are
first moved onto the road that OSRM finds for them: OSRM does not count the way from the door to the
road, Hjemrute does. Seconds are processor time of one thread. With `--profile` another profile than
that of OSRM's numbers is compared; `--profile own` is the one compiled in.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import osrm

HERE = Path(__file__).parent
# Nearer pairs say more about rounding than about roads.
NEAR_METRES = 300


def spent(command, log):
    """Runs a command; what it wrote, its processor seconds, and MiB it held at most."""
    env = dict(os.environ, RAYON_NUM_THREADS="1")
    with tempfile.TemporaryFile() as out:
        words = [str(word) for word in command]
        running = subprocess.Popen(words, env=env, stdout=out, stderr=log)
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode != 0:
            log.seek(0)
            sys.exit(f"{command}\n{log.read().decode()[-2000:]}")
        out.seek(0)
        return out.read(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def osrm_map(pbf, folder, log):
    """OSRM's map in a folder; the seconds of extracting and contracting, and the most MiB of them."""
    inside = folder / "map.osm.pbf"
    inside.symlink_to(Path(pbf).resolve())
    car = Path(osrm.__file__).parent / "share/profiles/car.lua"
    tool = [sys.executable, "-m", "osrm"]
    _, extract, held = spent([*tool, "extract", "-t", 1, "-p", car, inside], log)
    _, contract, then = spent([*tool, "contract", "-t", 1, folder / "map.osrm"], log)
    return extract, contract, max(held, then)


def osrm_table(engine, points):
    """Seconds and metres between points, where OSRM put them, and its processor seconds."""
    asked = osrm.TableParameters(coordinates=points, annotations=["duration", "distance"])
    start = time.process_time()
    told = engine.Table(asked)
    seconds = time.process_time() - start
    square = lambda name: numpy.array([[numpy.nan if it is None else it for it in row] for row in told[name]])
    places = [tuple(place["location"]) for place in told["sources"]]
    return square("durations"), square("distances"), places, seconds


def our_table(binary, roads, points, rounds, folder, log):
    """Seconds and metres between points, and what was told of them; seconds are those of the quickest round."""
    file = folder / "points.csv"
    file.write_text("".join(f"{lon:.7f},{lat:.7f}\n" for lon, lat in points))
    out = folder / "table.npz"
    command = [binary, "map", "table", roads, "--mode", "car", "--points", file, "--out", out]
    told, *_ = spent([*command, "--rounds", rounds, "--json"], log)
    table = numpy.load(out)
    return table["seconds"].astype(float), table["metres"].astype(float), json.loads(told)


def agreement(ours, theirs):
    """How near two arrays are, entry by entry."""
    ratio = ours / theirs
    return {
        "r": numpy.corrcoef(ours, theirs)[0, 1],
        "median ratio": numpy.median(ratio),
        "5 % to 95 %": f"{numpy.percentile(ratio, 5):.3f} to {numpy.percentile(ratio, 95):.3f}",
        "within 10 %": f"{100 * numpy.mean(numpy.abs(ratio - 1) <= 0.1):.1f} %",
    }


def worst(points, ours, theirs, far, count):
    """The pairs that differ most in time."""
    differs = numpy.where(far, numpy.abs(numpy.log(ours / theirs)), 0)
    for pair in numpy.argsort(differs, axis=None)[::-1][:count]:
        i, j = divmod(int(pair), len(points))
        print(f"  {points[i]} {points[j]}: {ours[i, j]:.0f} s, OSRM {theirs[i, j]:.0f} s")


def compare(ours, theirs, points, told, worst_of):
    """Tells how near two pairs of tables are."""
    (our_seconds, our_metres), (their_seconds, their_metres) = ours, theirs
    known = ~numpy.isnan(our_seconds) & ~numpy.isnan(their_seconds)
    far = known & (their_metres > NEAR_METRES) & (their_seconds > 0)
    print(f"pairs without a way: ours {numpy.isnan(our_seconds).sum()}, OSRM {numpy.isnan(their_seconds).sum()}")
    print(f"snapped: {numpy.nanmax(numpy.array(told['snappedMetres'], float)):.1f} m at most")
    for name, ours, theirs in [("time", our_seconds, their_seconds), ("distance", our_metres, their_metres)]:
        figures = agreement(ours[far], theirs[far]).items()
        shown = (f"{key} {value if isinstance(value, str) else format(value, '.4f')}" for key, value in figures)
        print(f"{name}: {', '.join(shown)}")
    if worst_of:
        worst(points, our_seconds, their_seconds, far, worst_of)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("pbf")
    asked.add_argument("points", help="lines of lon,lat")
    asked.add_argument("--count", type=int, nargs="+", default=[1000], help="how many of the points, for each table")
    asked.add_argument("--hjemrute", default="target/release/hjemrute")
    asked.add_argument("--profile", nargs="+", default=[str(HERE / "car.toml")])
    asked.add_argument("--rounds", type=int, default=1, help="so many times each table, in one process; the least is told")
    asked.add_argument("--worst", type=int, default=0, help="so many pairs that differ most")
    asked = asked.parse_args()
    points = [(float(row[0]), float(row[1])) for row in csv.reader(open(asked.points))]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        folder = Path(folder)
        extract, contract, osrm_held = osrm_map(asked.pbf, folder, log)
        print(f"OSRM's map of one mode, CPU s: {extract:.2f} + {contract:.2f}; at most held: {osrm_held:.0f} MiB")
        # Before this process holds tables: what it holds would be counted as that of those it starts.
        maps = {}
        for number, profile in enumerate(asked.profile):
            maps[profile] = folder / f"{number}.roads"
            arguments = [] if profile == "own" else ["--profile", f"car={profile}"]
            command = [asked.hjemrute, "map", "build", asked.pbf, "--out", maps[profile], *arguments]
            _, build, held = spent(command, log)
            print(f"{profile}: our map of four modes, CPU s: {build:.2f}; at most held: {held:.0f} MiB", flush=True)
        engine = osrm.OSRM(
            storage_config=str(folder / "map.osrm"),
            algorithm="CH",
            max_locations_distance_table=-1,
            use_shared_memory=False,
        )
        for profile in asked.profile:
            roads = maps[profile]
            print(f"{profile}:")
            for count in asked.count:
                on_roads = osrm_table(engine, points[:count])[2]
                theirs = [osrm_table(engine, on_roads) for _ in range(asked.rounds)]
                *ours, told = our_table(asked.hjemrute, roads, on_roads, asked.rounds, folder, log)
                print(f"{count} points, {told['map']}")
                compare(ours, theirs[0][:2], on_roads, told, asked.worst)
                table = min(made[3] for made in theirs)
                snap = told["cpuSeconds"]["snap"]
                mine = snap + told["cpuSeconds"]["table"]
                print(f"table with snapping, CPU s: ours {mine:.4f} (snapping {snap:.4f}), OSRM {table:.4f}, ratio {table / mine:.1f}", flush=True)


if __name__ == "__main__":
    main()
