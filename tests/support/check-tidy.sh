#!/usr/bin/env bash
# Runs clang-tidy 14 over the sources of core, config and filters, and looks at the names of their
# files. Prints what it finds; .clang-tidy has the rules. Nothing needs to be built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tests/support/install-deps.sh lint
# Of several sources it makes one, as CMake does for builds: reading headers takes most of the time.
cmake --preset dev -B build/tidy -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12 \
  -DWEIR_TESTS=OFF >/dev/null

failed=0
misnamed=$(LC_ALL=C find core config filters -name '*[!a-z0-9_.]*' \( -name '*.h' -o -name '*.cc' \))
if [[ $misnamed ]]; then
  printf 'not in lower case: %s\n' "$misnamed"
  failed=1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! python3 -c 'import json, re
for entry in json.load(open("build/tidy/compile_commands.json")):
  if re.search("/(core|config|filters)/", entry["file"]):
    print(entry["file"], end="\0")' |
  xargs -0 -n 1 -P "$(nproc)" \
    clang-tidy-14 --quiet --config-file=.clang-tidy -p build/tidy >"$log" 2>&1; then
  # Those of a header come with each source that includes it.
  grep -F ' error: ' "$log" | sort -u || cat "$log"
  failed=1
fi
exit "$failed"
