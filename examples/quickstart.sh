#!/usr/bin/env bash
# Installs what is missing, builds Weir, and runs `weir demo` with the given arguments.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/tests/support/install-deps.sh"
(
  cd "$root"
  cmake --preset release
  cmake --build --preset release
)
exec "$root/build/release/weir" demo "$@"
