#!/usr/bin/env python3
"""Runs `hjemrute bench` over the public problems and says how far it stays behind the best known.

    benches/public.py SET... --time-limit 10s --seeds 1,2,3 --out gaps.csv
    benches/public.py mankowska --iterations 20000 --program old/hjemrute --program new/hjemrute

SET is a folder of the shared problems: solomon, homberger_200, homberger_400, homberger_1000,
mankowska, kummer, validation or small (the two of uhhc). Two programs are two commits side by side on the same problems. Every answer
goes through the evaluator that shares no code with us; what it objects to, or a visit left out,
counts as a failure and has no gap. One line of CSV for each run, then for each program and set the
mean gap of the median seed."""
import argparse
import csv
import json
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
}
BEST = ("dimacs_bks", "objective", "best", "bks_verified")  # the columns that hold a best known value
FIELDS = ("program", "set", "instance", "seed", "objective", "best", "gap", "unassigned",
          "seconds", "iterations", "failure")


def best_known(files):
    """The smallest value of each problem that was verified, by its name in capitals."""
    best = {}
    for row in (row for file in files for row in csv.DictReader(open(file, encoding="utf-8"))):
        value = next((row[column] for column in BEST if row.get(column)), None)
        if value and row.get("check", "ok") == "ok":
            name = row["instance"].upper()
            best[name] = min(float(value), best.get(name, float("inf")))
    return best


def run(program, problem, fmt, evaluator, budget, seed):
    """One run: the program's line of figures, and what is wrong with it, if anything."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer"
        command = [program, "bench", problem, "--format", fmt, *budget, "--seed", str(seed),
                   "--threads", "1", "--out", answer]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return {}, done.stderr.strip()
        said = subprocess.run([sys.executable, evaluator, problem, answer],
                              capture_output=True, text=True)
        told, judged = json.loads(done.stdout), json.loads(said.stdout)
        theirs = judged["cost"] if "cost" in judged else judged["objective"]
        must_serve = fmt != "uhhc" and told["unassigned"]  # there the evaluator knows who is optional
        if said.returncode or must_serve:
            return told, f"{told['unassigned']} left out, {judged['errors']}"
        agrees = abs(theirs - told["objective"]) < 1e-3
        return told, "" if agrees else f"the evaluator says {theirs}"


def main():
    parse = argparse.ArgumentParser(description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("sets", nargs="+", choices=sorted(SETS), metavar="SET")
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
    for name in args.sets:
        fmt, folder, ending, evaluator, bks = SETS[name]
        best = best_known((args.shared / "bench").glob(bks))
        problems = sorted((args.shared / "bench" / folder).glob(f"*.{ending}"))
        problems = [problem for problem in problems if args.only in problem.stem]
        for program in args.program or ["target/release/hjemrute"]:
            medians, failures = [], 0
            for problem in problems:
                gaps = []
                for seed in args.seeds.split(","):
                    told, failure = run(program, problem, fmt,
                                        args.shared / "tools" / evaluator, budget, seed)
                    known = best.get(problem.stem.upper())
                    value = told.get("objective")
                    gap = None if failure or not known else 100 * (value / known - 1)
                    lines.writerow({
                        **{field: told.get(field) for field in FIELDS}, "program": program,
                        "set": name, "instance": problem.stem, "seed": seed, "best": known,
                        "gap": None if gap is None else f"{gap:.3f}", "failure": failure})
                    args.out.flush()
                    failures += bool(failure)
                    gaps += [] if gap is None else [gap]
                medians += [statistics.median(gaps)] if gaps else []
            mean = f"{statistics.mean(medians):.3f} %" if medians else "none"
            print(f"{name} by {program}: mean gap {mean} on {len(medians)} of {len(problems)} "
                  f"problems, {failures} failures", file=sys.stderr)


if __name__ == "__main__":
    main()
