#!/usr/bin/env bash
# Builds the fuzz targets and runs each on its corpus and for some seconds more, two at a time.
# What a target finds is kept in build/PRESET/found/.
#
#   tests/support/run-fuzzers.sh [SECONDS [PRESET]]   20 seconds and `fuzz` when not given; `asan`,
#                                                     which is built like that, is the other one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-20}
preset=${2:-fuzz}

tests/support/install-deps.sh fuzz
cmake --preset "$preset"
cmake --build --preset "$preset" --target fuzzers

found=build/$preset/found
mkdir -p "$found"

# New inputs go to a scratch folder: a run never changes the committed corpus.
run_one() {
  local target=$1 seconds=$2 found=$3 name log scratch status=0
  name=$(basename "$target" _fuzz)
  log=$found/$name.log
  scratch=$(mktemp -d)
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
    -artifact_prefix="$found/$name-" "$scratch" "tests/fuzz/corpus/$name" \
    </dev/null >"$log" 2>&1 || status=$?
  rm -rf "$scratch"
  if [[ $status -eq 0 ]]; then
    echo "  $name: $(grep -E '^Done ' "$log" | tail -n 1)"
  else
    tail -n 60 "$log"
    echo "  $name: FAILED, see $log"
    return 1
  fi
}
export -f run_one

targets=("build/$preset/tests/fuzz/"*_fuzz)
if [[ ! -x ${targets[0]} ]]; then
  echo "no fuzz target was built" >&2
  exit 1
fi
printf '%s\n' "${targets[@]}" |
  xargs -P 2 -I '{}' bash -euo pipefail -c 'run_one "$@"' run_one '{}' "$seconds" "$found"
