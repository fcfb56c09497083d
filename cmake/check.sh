# The steps of './dev check'. Sourced by ./dev.

check_steps=(lint matrix sanitizers mutants soak interop fuzz worlds bench_smoke figures)

# check [STEP]...: all steps, or the named ones. Goes on after a failure and names all at the end.
check() {
  local step failed=() start
  [[ $# -gt 0 ]] || set -- "${check_steps[@]}"
  for step in "$@"; do
    if [[ " ${check_steps[*]} " != *" $step "* ]]; then
      printf "dev: no check '%s'; there are: %s\n" "$step" "${check_steps[*]}" >&2
      exit 2
    fi
  done
  for step in "$@"; do
    say "$step"
    start=$SECONDS
    # A process of its own: 'set -e' has no effect in a function whose result is asked for.
    if "$root/dev" "_$step"; then
      say "$step: good, $((SECONDS - start)) s"
    else
      failed+=("$step")
      say "$step: FAILED, $((SECONDS - start)) s"
    fi
  done
  if [[ ${#failed[@]} -gt 0 ]]; then
    say "failed: ${failed[*]}"
    return 1
  fi
  say "all good: $*"
}

lint() {
  need_packages build test check
  cd "$root"
  local sources
  sources=$(python3 tests/tools/sources.py .h .cc)
  xargs -r clang-format --dry-run -Werror <<<"$sources"
  python3 tests/tools/taste.py
  # The compile commands are those of clang, whose warnings and headers clang-tidy knows.
  configure tidy -DCMAKE_CXX_COMPILER=clang++ -DMACULA_TESTS=OFF -DMACULA_BENCH=OFF
  python3 tests/tools/sources.py .cc | grep -Ev '^(tests|bench)/' |
    xargs -r -P "$jobs" -n 1 python3 tests/tools/tidy.py --build build/tidy
}

# driver_digests NAME [CMAKE ARGS]: the digests of all recorded scenarios from a driver built so.
driver_digests() {
  local folder=$root/build/matrix/$1 name=$1
  shift
  cmake -G Ninja -S "$root/tests/determinism" -B "$folder" "$@" >"$folder.log" ||
    { cat "$folder.log" >&2; return 1; }
  ninja -C "$folder" -j "$jobs" --quiet >&2
  (cd "$root" && "$folder/digest_driver" 1 3 $(cut -f 1 tests/digests.tsv | uniq)) >"$folder.tsv"
  if ! diff -u "$root/tests/digests.tsv" "$folder.tsv" >"$folder.diff"; then
    printf '%-24s DIFFERS from tests/digests.tsv\n' "$name"
    head -n 20 "$folder.diff"
    return 1
  fi
  printf '%-24s same digests\n' "$name"
}

# Same file, same seed: the same digest from every compiler, library, level and number of jobs.
matrix() {
  need_packages build test check
  mkdir -p "$root/build/matrix"
  local libcxx=-stdlib=libc++
  driver_digests g++-release -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Release
  driver_digests g++-debug -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Debug
  driver_digests clang++-release -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Release
  driver_digests clang++-debug -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug
  driver_digests clang++-libc++ -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS=$libcxx -DCMAKE_EXE_LINKER_FLAGS=$libcxx
  digests
  digests --jobs 1
  digests --jobs 2
  digests --set scenario.wire=encoded
}

sanitizers() {
  need_packages build test check
  local common="-O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=all"
  say "tests with address and undefined-behaviour sanitizers"
  configure asan -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DMACULA_BENCH=OFF \
    -DMACULA_REAL_TIME_TESTS=OFF -DMACULA_TEST_FLAGS=-O0 \
    -DCMAKE_CXX_FLAGS="$common -fsanitize=address,undefined"
  compile asan
  ctest --test-dir "$root/build/asan" --output-on-failure -j "$jobs" --label-exclude release
  say "parallel runs with the thread sanitizer"
  configure tsan -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DMACULA_BENCH=OFF \
    -DMACULA_TESTS=OFF -DCMAKE_CXX_FLAGS="$common -fsanitize=thread"
  compile tsan macula-sim
  # Failed expectations are the tests' business; the sanitizer ends a program with 66.
  local code=0
  (cd "$root" && "$root/build/tsan/bin/macula-sim" run scenarios/integration --seeds 1..2 --jobs 4 \
    --quiet) || code=$?
  [[ $code -eq 0 || $code -eq 1 ]]
}

# Thirty real nodes for two minutes, nine of which are killed and restarted.
soak() {
  build
  python3 "$root/tests/soak/soak.py" --program "$root/bin/macula-node" "$@"
}

# A fixed number of inputs from a fixed seed, and at most half a minute for each parser.
fuzz() {
  need_packages build test check
  local runs=${1:-20000} program name work
  local instrumented=-fsanitize=fuzzer-no-link,address,undefined
  configure fuzz -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DMACULA_BENCH=OFF \
    -DMACULA_TESTS=OFF -DMACULA_FUZZ=ON \
    -DCMAKE_CXX_FLAGS="-O1 -g1 -fno-sanitize-recover=all $instrumented"
  compile fuzz fuzzers
  for program in "$root"/build/fuzz/tests/fuzz/*_fuzz; do
    name=$(basename "$program")
    work=$root/build/fuzz/found/$name
    rm -rf "$work"
    mkdir -p "$work"
    say "$name: $runs inputs"
    if ! "$program" -runs="$runs" -seed=1 -max_len=4096 -timeout=10 -max_total_time=30 \
      -rss_limit_mb=2048 \
      -artifact_prefix="$work/" "$work" "$root/tests/fuzz/corpus/$name" >"$work.log" 2>&1; then
      tail -n 60 "$work.log"
      printf 'the input that did it is in %s\n' "$work"
      return 1
    fi
    tail -n 1 "$work.log"
  done
}

# The world `quic` against `virtual`, in real time: half a minute each. Few runs at a time, so that
# what is measured is the network and not the queue for a core.
worlds() {
  build_program
  compare_worlds same quic "$root/scenarios/integration/strict"
}

# By hand, on a quiet machine: it measures time.
worlds_latency() {
  build_program
  compare_worlds latency quic "$root/scenarios/quic/latency.toml"
}

compare_worlds() {
  need_packages build test
  python3 "$root/tests/tools/worlds.py" --program "$root/bin/macula-sim" "$@"
}

# Short runs: the figures are printed, and only a benchmark that does not run fails. The targets are
# held by './dev bench', on a quiet machine.
bench_smoke() { bench --smoke; }

# figure SCENARIO NODES EXPECTED...: a scenario of convergence/ among so many nodes of its group;
# what its expectations state then, one after another; with /GATE where the gate is another, too.
figure() {
  local scenario=$1 settings=(--set "group.node.count=$2") index=0 value
  for value in "${@:3}"; do
    settings+=(--set "expect.$index.near=${value%/*}")
    [[ $value != */* ]] || settings+=(--set "expect.$index.gate=${value#*/}")
    index=$((index + 1))
  done
  (cd "$root" && bin/macula-sim run "scenarios/convergence/$scenario.toml" "${settings[@]}")
}

# The figures of convergence/ among 100 000 nodes, one of which is the bootstrap node where they
# join. `./dev test` has them up to 10 000.
figures() {
  build_program
  figure lookup-cost-k8-n10000 100000 3.01 5.31 14.8 212ms
  figure lookup-cost-k20-n10000 100000 2.30 8.55 24.5 342ms
  figure table-size-k8-n1000 99999 115.7/2.31
  figure widened-lookup-cost-k8-n10000 100000 3.01 4.56 14.8 182ms
  figure widened-lookup-cost-k20-n10000 100000 2.30 3.92 24.5 157ms
}

# By hand, in some minutes and with 8 GiB of memory: among 1 000 000 nodes. The gates of the model
# are those of depth and rounds; requests have a wider one here.
figures_large() {
  build_program
  figure table-size-k20-n1000 99999 263.9/5.28
  figure lookup-cost-k8-n10000 1000000 3.67 5.93 16.7/0.3 237ms
  figure lookup-cost-k20-n10000 1000000 2.81 9.04 26.0 362ms
}
