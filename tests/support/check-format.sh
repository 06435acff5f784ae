#!/usr/bin/env bash
# Fails when clang-format 14 would change a C or C++ file of the tree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
find . \( -path ./build -o -path ./.git \) -prune -o \
  -type f \( -name '*.h' -o -name '*.hpp' -o -name '*.c' -o -name '*.cc' \) -print0 |
  xargs -0 -r -n 50 -P 2 clang-format-14 --dry-run -Werror
