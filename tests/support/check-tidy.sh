#!/usr/bin/env bash
# Runs clang-tidy 14 over the sources of core, config and filters, and looks at the names of their
# files. Prints what it finds; .clang-tidy has the rules. Nothing needs to be built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tests/support/install-deps.sh lint
cmake --preset dev >/dev/null

failed=0
misnamed=$(LC_ALL=C find core config filters -name '*[!a-z0-9_.]*' \( -name '*.h' -o -name '*.cc' \))
if [[ $misnamed ]]; then
  printf 'not in lower case: %s\n' "$misnamed"
  failed=1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! find core config filters -name '*.cc' -print0 |
  xargs -0 -n 1 -P "$(nproc)" clang-tidy-14 --quiet -p build/dev >"$log" 2>&1; then
  # Those of a header come with each source that includes it.
  grep -F ' error: ' "$log" | sort -u || cat "$log"
  failed=1
fi
exit "$failed"
