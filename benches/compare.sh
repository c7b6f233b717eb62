#!/bin/sh
# Compares two commits on a whole set of home-care problems: the same problems, seeds and iterations for
# both, so that what differs is the search. Prints processor seconds and what each leaves out and
# travels, as medians over the seeds, and at the end the ratios over the set.
#
#   benches/compare.sh [-i ITERATIONS] [-s "SEEDS"] OLD NEW PROBLEM.vroom.json...
#
# OLD and NEW are commits, branches or tags. Each is built in a folder of its own under
# ${COMPARE_DIR:-target/compare} and stays there for the next time.
set -eu

iterations=20000
seeds="1 2 3"
while getopts i:s: option; do
	case $option in
	i) iterations=$OPTARG ;;
	s) seeds=$OPTARG ;;
	*) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 3 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
old=$(git rev-parse --short "$1^{commit}")
new=$(git rev-parse --short "$2^{commit}")
shift 2
here=$(git rev-parse --show-toplevel)
folder=${COMPARE_DIR:-$here/target/compare}
mkdir -p "$folder"

# Builds a commit once, in a worktree that is gone afterwards; says where the program is.
build() {
	program=$folder/hjemrute-$1
	if [ ! -x "$program" ]; then
		tree=$folder/tree-$1
		git -C "$here" worktree add --force --detach --quiet "$tree" "$1"
		CARGO_TARGET_DIR=$folder/target-$1 cargo build --release --locked --quiet --manifest-path "$tree/Cargo.toml"
		cp "$folder/target-$1/release/hjemrute" "$program"
		git -C "$here" worktree remove --force "$tree"
	fi
	echo "$program"
}

programs="$(build "$old") $(build "$new")"
results=$folder/results
: >"$results"
for problem in "$@"; do
	for seed in $seeds; do
		for program in $programs; do
			# The processor seconds of the children, before and behind.
			told=$(bash -c 'TIMEFORMAT=%U; { time "$@" 2>&3; } 3>&2 2>&1' - "$program" bench "$problem" --format vroom \
				--iterations "$iterations" --seed "$seed" --threads 1 --out "$folder/answer.json")
			printf '%s\t%s\t%s\t%s\n' "$problem" "$seed" "${program##*-}" "$(echo "$told" | tr '\n' ' ')" >>"$results"
		done
	done
done

python3 - "$results" "$old" "$new" <<'PYTHON'
import json, os, statistics, sys

results, old, new = sys.argv[1:]
runs = {}
for line in open(results):
    problem, seed, commit, told = line.rstrip("\n").split("\t")
    answer, rest = json.JSONDecoder().raw_decode(told[told.index("{"):])
    objective = answer["objective"]
    run = (float(rest), objective["priorityLeftOut"] / 10, objective["travelSeconds"] / 3600)
    runs.setdefault(problem, {}).setdefault(commit, []).append(run)

print("| problem | left out | | travel, h | | ratio | CPU s | | ratio |")
print(f"| | {old} | {new} | {old} | {new} | | {old} | {new} | |")
print("|---|---|---|---|---|---|---|---|---|")
ratios = []
for problem, by in runs.items():
    (s0, p0, t0), (s1, p1, t1) = ([statistics.median(c) for c in zip(*by[k])] for k in (old, new))
    ratios.append((t1 / t0, s1 / s0))
    name = os.path.basename(problem).split(".")[0]
    print(f"| {name} | {p0:g} | {p1:g} | {t0:.2f} | {t1:.2f} | {t1 / t0:.3f} | {s0:.2f} | {s1:.2f} | {s1 / s0:.2f} |")
travel, seconds = (statistics.geometric_mean(c) for c in zip(*ratios))
print(f"| all, geometric mean | | | | | {travel:.3f} | | | {seconds:.2f} |")
PYTHON
