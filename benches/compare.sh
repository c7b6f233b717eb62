#!/bin/sh
# Compares two commits on the whole set of public problems, or on some of its sets: the same problems,
# seeds and iterations for both, so that what differs is the search. Prints for each set what either
# comes to (its mean gap to the best known, or what it leaves out and travels) and the processor
# seconds it takes; each single run is a line of ${COMPARE_DIR:-target/compare}/runs.csv.
#
#   benches/compare.sh [-i ITERATIONS | -t TIME] [-s SEEDS] [-o PART-OF-NAME] OLD NEW [SET...]
#   benches/compare.sh -i 5000 -s 1,2,3 -o _200 main HEAD homecare mankowska
#
# OLD and NEW are commits, branches or tags. Each is built in a folder of its own under
# ${COMPARE_DIR:-target/compare} and stays there for the next time. SET is what public.py knows.
set -eu

usage() {
	sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

budget="--iterations 5000"
seeds=1,2,3
only=
while getopts i:t:s:o: option; do
	case $option in
	i) budget="--iterations $OPTARG" ;;
	t) budget="--time-limit $OPTARG" ;;
	s) seeds=$OPTARG ;;
	o) only=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || usage
old=$(git rev-parse --short "$1^{commit}")
new=$(git rev-parse --short "$2^{commit}")
shift 2
[ $# -ge 1 ] || set -- all
here=$(git rev-parse --show-toplevel)
folder=${COMPARE_DIR:-$here/target/compare}
mkdir -p "$folder"

# Builds a commit once, in a worktree that is gone afterwards; says where the program is.
build() {
	program=$folder/hjemrute-$1
	if [ ! -x "$program" ]; then
		tree=$folder/tree-$1
		git -C "$here" worktree add --force --detach --quiet "$tree" "$1"
		CARGO_TARGET_DIR=$folder/target cargo build --release --locked --quiet --manifest-path "$tree/Cargo.toml"
		cp "$folder/target/release/hjemrute" "$program"
		git -C "$here" worktree remove --force "$tree"
	fi
	echo "$program"
}

old_program=$(build "$old")
new_program=$(build "$new")
# shellcheck disable=SC2086 # the budget is two words
python3 "$here/benches/public.py" "$@" $budget --seeds "$seeds" --only "$only" \
	--program "$old_program" --program "$new_program" --out "$folder/runs.csv"
