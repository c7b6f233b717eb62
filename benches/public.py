#!/usr/bin/env python3
"""Runs `hjemrute bench` over the public problems and says how far it stays behind the best known.

    benches/public.py SET... --time-limit 10s --seeds 1,2,3 --out gaps.csv
    benches/public.py mankowska --iterations 20000 --program old/hjemrute --program new/hjemrute

SET is a folder of the shared problems: solomon, homberger_200, homberger_400, homberger_1000,
mankowska, kummer, validation and small (the two of uhhc), homecare (VROOM's format), or `all`. Two programs are two
commits side by side on the same problems (`compare.sh` builds them). Every answer goes through the
evaluator that shares no code with us; what it objects to, or a visit left out that must be made,
counts as a failure and has no gap. One line of CSV for each run, then for each program and set
the mean gap of the median seed and the processor seconds; for homecare, which has no best known
values, the priority left out and the hours of travel of the median seeds, added up."""
import argparse
import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SETS = {
    **{name: ("solomon", f"vrptw/{name}", "txt", "eval_vrptw.py", "vrptw/bks_vrptw.csv")
       for name in ("solomon", "homberger_200", "homberger_400", "homberger_1000")},
    **{name: ("hhcrsp", f"hhcrsp/{name}", "json", "eval_hhcrsp.py", "hhcrsp/bks_*.csv")
       for name in ("mankowska", "kummer")},
    **{name: ("uhhc", f"uhhc/{name}", "json", "eval_uhhc.py", "uhhc/bks_uhhc.csv")
       for name in ("validation", "small")},
    "homecare": ("vroom", "homecare", "json", "eval_vroom.py", "homecare/*.csv"),
}
BEST = ("dimacs_bks", "objective", "best", "bks_verified")  # the columns that hold a best known value
FIELDS = ("program", "set", "instance", "seed", "objective", "best", "gap", "unassigned",
          "seconds", "processor", "iterations", "failure")


def best_known(files):
    """The smallest value of each problem that was verified, by its name in capitals."""
    best = {}
    for row in (row for file in files for row in csv.DictReader(open(file, encoding="utf-8"))):
        value = next((row[column] for column in BEST if row.get(column)), None)
        if value and row.get("check", "ok") == "ok":
            name = row["instance"].upper()
            best[name] = min(float(value), best.get(name, float("inf")))
    return best


def worth(fmt, judged):
    """What the evaluator says that an answer is worth: one number, or in VROOM's format two of them,
    which are compared in this order."""
    if fmt == "vroom":
        return judged["unassignedPriority"], judged["travel"]
    return judged["cost"] if "cost" in judged else judged["objective"]


def run(program, problem, fmt, evaluator, budget, seed):
    """One run: the program's line of figures, and what is wrong with it, if anything."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer"
        command = [program, "bench", problem, "--format", fmt, *budget, "--seed", str(seed),
                   "--threads", "1", "--out", answer]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run(command, capture_output=True, text=True)
        processor = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 3)
        if done.returncode:
            return {"processor": processor}, done.stderr.strip()
        said = subprocess.run([sys.executable, evaluator, problem, answer],
                              capture_output=True, text=True)
        told, judged = {**json.loads(done.stdout), "processor": processor}, json.loads(said.stdout)
        theirs = worth(fmt, judged)
        if fmt == "vroom":
            told["objective"] = tuple(told["objective"].values())
            return told, str(judged["errors"] or "") or (
                "" if theirs == told["objective"] else f"the evaluator says {theirs}")
        must_serve = fmt != "uhhc" and told["unassigned"]  # there the evaluator knows who is optional
        if said.returncode or must_serve:
            return told, f"{told['unassigned']} left out, {judged['errors']}"
        agrees = abs(theirs - told["objective"]) < 1e-3
        return told, "" if agrees else f"the evaluator says {theirs}"


def runs_of(name, program, args, budget, lines):
    """All runs of a set by a program, written as they are done: by problem the seeds' figures."""
    fmt, folder, ending, evaluator, bks = SETS[name]
    best = best_known((args.shared / "bench").glob(bks))
    problems = sorted((args.shared / "bench" / folder).glob(f"*.{ending}"))
    runs = {problem: [] for problem in problems if args.only in problem.stem}
    for problem, seeds in runs.items():
        known = best.get(problem.stem.upper())
        for seed in args.seeds.split(","):
            told, failure = run(program, problem, fmt, args.shared / "tools" / evaluator, budget,
                                seed)
            value = told.get("objective")
            gap = None if failure or not known else 100 * (value / known - 1)
            lines.writerow({
                **{field: told.get(field) for field in FIELDS}, "program": program, "set": name,
                "instance": problem.stem, "seed": seed, "best": known,
                "gap": None if gap is None else f"{gap:.3f}", "failure": failure})
            args.out.flush()
            seeds.append((value, gap, told["processor"], failure))
    return runs


def summed_up(name, program, runs):
    """One line on what a program came to on a set."""
    seeds = [run for seeds in runs.values() for run in seeds]
    failures = sum(bool(failure) for *_, failure in seeds)
    processor = sum(processor for _, _, processor, _ in seeds)
    if SETS[name][0] == "vroom":
        medians = [statistics.median_low(value for value, *_ in seeds if value)
                   for seeds in runs.values() if any(value for value, *_ in seeds)]
        out, travel = (sum(column) for column in zip(*medians)) if medians else (0, 0)
        figure = f"priority left out {out / 10:g}, travel {travel / 3600:.2f} h"
    else:
        gaps = [[gap for _, gap, *_ in seeds if gap is not None] for seeds in runs.values()]
        medians = [statistics.median(gaps) for gaps in gaps if gaps]
        figure = f"mean gap {statistics.mean(medians):.3f} %" if medians else "no gap"
    return (f"{name} by {program}: {figure} on {len(medians)} of {len(runs)} problems, "
            f"{processor:.1f} s of processor time, {failures} failures")


def main():
    parse = argparse.ArgumentParser(description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("sets", nargs="+", choices=[*sorted(SETS), "all"], metavar="SET")
    parse.add_argument("--time-limit")
    parse.add_argument("--iterations")
    parse.add_argument("--seeds", default="1")
    parse.add_argument("--program", action="append")
    parse.add_argument("--shared", type=Path, default=Path(__file__).parent / "../../shared")
    parse.add_argument("--only", default="", help="problems whose name has this in it")
    parse.add_argument("--out", type=argparse.FileType("w"), default=sys.stdout)
    args = parse.parse_args()
    budget = ["--iterations", args.iterations] if args.iterations else \
             ["--time-limit", args.time_limit or "10s"]
    lines = csv.DictWriter(args.out, FIELDS)
    lines.writeheader()
    for name in SETS if "all" in args.sets else args.sets:
        for program in args.program or ["target/release/hjemrute"]:
            runs = runs_of(name, program, args, budget, lines)
            print(summed_up(name, program, runs), file=sys.stderr)


if __name__ == "__main__":
    main()
