#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests.
#
#   tests/run.sh [PRESET] [CTEST-ARGUMENT...]     PRESET: dev (default), asan, tsan, coverage
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=dev
if [[ $# -gt 0 && $1 != -* ]]; then
  preset=$1
  shift
fi

purposes=(tests)
if [[ $preset == asan || $preset == fuzz ]]; then purposes+=(fuzz); fi

tests/support/install-deps.sh "${purposes[@]}"
cmake --preset "$preset"
cmake --build --preset "$preset"
ctest --preset "$preset" --no-tests=error "$@"
