# The Debian packages that each kind of work needs, and how they get here. Sourced by ./dev. The
# Dockerfile and the list in CONTRIBUTING.md are made from this ('./dev packages --accept').

packages_kinds=(build page test check interop browser mpi)

packages_build=(g++ cmake ninja-build pkg-config ccache libsodium-dev libmsgpack-cxx-dev
  libexpected-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev libfccp-dev libboost-dev
  libboost-program-options-dev libngtcp2-dev libngtcp2-crypto-gnutls-dev libgnutls28-dev
  prometheus-cpp-dev zlib1g-dev libzstd-dev)
packages_test=(libgtest-dev librapidcheck-dev libbenchmark-dev python3 python3-jsonschema
  libxml2-utils groff-base binutils python3-prometheus-client python3-networkx graphviz
  tshark)
packages_check=(clang clang-format clang-tidy libclang-rt-14-dev libc++-dev libc++abi-dev git patch
  python3)
packages_interop=(python3 openssl nodejs npm)
# Not installed by ./dev, which uses those that are there.
packages_mpi=(libopenmpi-dev openmpi-bin libboost-mpi-dev)
packages_page=(nodejs npm)
packages_browser=(chromium nodejs npm)
# A program that is here, from wherever, does instead of its package: Debian's would not go with it.
declare -A packages_program=([nodejs]=node [npm]=npm)

# need_packages KIND...: installs what is missing of these kinds.
need_packages() {
  local kind wanted=() missing=()
  for kind in "$@"; do
    local -n list=packages_$kind
    wanted+=("${list[@]}")
  done
  # One query for all: dpkg-query names the installed ones, the rest is missing.
  local installed format='${db:Status-Status}:${Package} '
  installed=" $(dpkg-query -W -f="$format" "${wanted[@]}" 2>/dev/null || true)"
  local package
  for package in "${wanted[@]}"; do
    [[ $installed == *" installed:$package "* ]] && continue
    command -v "${packages_program[$package]:-/}" >/dev/null || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
}

install_packages() {
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      printf 'dev: these packages are missing, and there is no sudo; as root, run:\n' >&2
      printf 'apt-get update && apt-get install -y --no-install-recommends %s\n' "$*" >&2
      exit 2
    fi
    as_root=(sudo)
  fi
  printf '== installing %s\n' "$*" >&2
  # Standard output belongs to the command that is to run.
  "${as_root[@]}" apt-get update -q >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "$@" >&2 </dev/null
}
