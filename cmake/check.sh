# The steps of './dev check'. Sourced by ./dev.

check_steps=(lint matrix sanitizers mutants soak interop fuzz worlds bench_smoke)

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

# A fixed number of inputs from a fixed seed, and at most a minute for each parser.
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
    if ! "$program" -runs="$runs" -seed=1 -max_len=4096 -timeout=10 -max_total_time=60 \
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
  need_packages build test
  build_program
  local compare=(python3 "$root/tests/tools/worlds.py" --program "$root/bin/macula-sim")
  "${compare[@]}" same quic "$root/scenarios/integration/strict"
  "${compare[@]}" latency quic "$root/scenarios/quic/latency.toml"
}

# Short runs: the figures are printed, and only a benchmark that does not run fails. The targets are
# held by './dev bench', on a quiet machine.
bench_smoke() { bench --smoke; }
