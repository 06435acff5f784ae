#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing: those of a build and, when named, those of
# other purposes.
#
#   tests/support/install-deps.sh [tests] [fuzz] [lint] [perf]
#
# When nothing is missing it calls neither apt nor sudo. Services that come with a package (nginx,
# varnish, ...) are neither started nor enabled.
set -euo pipefail

build=(cmake ninja-build g++ pkg-config
  libuv1-dev libnghttp2-dev libyaml-cpp-dev libre2-dev libc-ares-dev libfmt-dev libspdlog-dev
  libcli11-dev nlohmann-json3-dev android-libboringssl-dev)
tests=(libgtest-dev ca-certificates varnish nginx-light curl wrk openssl python3 python3-websockets
  python3-jsonschema python3-yaml)
fuzz=(clang-14 libclang-rt-14-dev libgtest-dev)
lint=(clang-format-14 clang-tidy-14 shellcheck python3)
perf=(nginx-light haproxy nghttp2-proxy wrk python3)
services=(nginx haproxy varnish varnishncsa nghttpx)

wanted=("${build[@]}")
for purpose in "$@"; do
  case $purpose in
    tests) wanted+=("${tests[@]}") ;;
    fuzz) wanted+=("${fuzz[@]}") ;;
    lint) wanted+=("${lint[@]}") ;;
    perf) wanted+=("${perf[@]}") ;;
    *)
      echo "install-deps.sh: '$purpose' is none of: tests fuzz lint perf" >&2
      exit 2
      ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "Not a Debian system; what it must provide: ${wanted[*]}" >&2
  exit 0
fi

installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$installed"))
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing packages; as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

# Maintainer scripts ask policy-rc.d before they start a service; 101 means "not allowed".
policy=/usr/sbin/policy-rc.d
own_policy=
log=$(mktemp)
finish() {
  if [[ $own_policy ]]; then "${as_root[@]}" rm -f "$policy"; fi
  rm -f "$log"
}
trap finish EXIT
if [[ ! -e $policy ]]; then
  own_policy=yes
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 "$@" \
    </dev/null >"$log" 2>&1
}

unit_of() { echo "/lib/systemd/system/$1.service"; }
new_services=()
for service in "${services[@]}"; do
  if [[ ! -e $(unit_of "$service") ]]; then new_services+=("$service"); fi
done

echo "Installing ${missing[*]}" >&2
# The first try fails where the package lists are missing or old.
if ! apt install --no-install-recommends "${missing[@]}"; then
  if ! { apt update && apt install --no-install-recommends "${missing[@]}"; }; then
    cat "$log" >&2
    exit 1
  fi
fi

if command -v systemctl >/dev/null; then
  for service in "${new_services[@]}"; do
    if [[ -e $(unit_of "$service") ]]; then
      "${as_root[@]}" systemctl disable "$service.service" >/dev/null 2>&1 || true
    fi
  done
fi
