#!/usr/bin/env bash
# Builds the release preset from nothing, without a compiler cache, and fails when that takes
# longer than the given number of seconds.
#
#   tests/support/check-release.sh [SECONDS]      240 when not given
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
limit=${1:-240}

tests/support/install-deps.sh
rm -rf build/release
unset CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER
start=$SECONDS
cmake --preset release
cmake --build --preset release
took=$((SECONDS - start))
echo "release build from nothing: $took s (limit $limit s)"
build/release/weir --help >/dev/null
((took <= limit))
