# The functions of the steps in cmake/steps.sh. Sourced by ./dev.

# Those whose label is not real_time, each 20 times, unless --repeat says otherwise.
repeat() { run_tests --repeat 20 "$@"; }

# lint [--sample N --seed SEED] [FILE...]: format and house rules of everything; clang-tidy of the
# files, or of all, or of a sample and those that changed since $MACULA_BASE (the commit before).
# Tests are not given to clang-tidy: each is compiled on its own.
lint() {
  need_packages build test check
  cd "$root"
  take_sample "$@"
  local files rules failed=0
  python3 tests/tools/sources.py .h .cc | xargs -r clang-format --dry-run -Werror || {
    failed=1
    echo 'again: ./dev format   (it mends the format)'
  }
  for rules in taste rooms; do
    python3 "tests/tools/$rules.py" || { failed=1; echo "again: python3 tests/tools/$rules.py"; }
  done
  python3 tests/tools/examples.py --jobs "$jobs" $(changed_or_sampled_headers) || {
    failed=1
    echo 'again: python3 tests/tools/examples.py'
  }
  # The compile commands are those of clang, whose warnings and headers clang-tidy knows.
  configure "$root" tidy -DCMAKE_CXX_COMPILER=clang++ -DMACULA_TOGETHER=OFF -DMACULA_TESTS=ON \
    -DMACULA_BENCH=ON
  ninja -C build/tidy --quiet build.ninja  # knows the files that are new since
  files=$(linted -Ev)
  [[ -z $files ]] ||
    xargs -P "$jobs" -n 1 python3 tests/tools/tidy.py --build build/tidy <<<"$files" || failed=1
  files=$(linted -E)
  [[ -z $files ]] ||
    xargs -P "$jobs" -n 1 python3 tests/tools/alone.py --build build/tidy <<<"$files" || failed=1
  return "$failed"
}

# linted -E|-Ev: the sources of lint that are tests, or that are none.
linted() {
  local all
  all=$(python3 tests/tools/sources.py .cc | grep "$1" '^(tests|bench|examples)/')
  if [[ ${#rest[@]} -gt 0 ]]; then
    grep -xF -f <(printf '%s\n' "${rest[@]}") <<<"$all"
  elif [[ -n $sample ]]; then
    grep -xF -f <(sampled <<<"$all"; changed_sources) <<<"$all"
  else
    printf '%s\n' "$all"
  fi || true
}

# All headers, or of a sample so many, and those that differ from the base.
changed_or_sampled_headers() {
  [[ -n $sample ]] || return 0
  { sampled <<<"$(python3 tests/tools/sources.py .h)"
    git -c safe.directory="$root" diff --name-only "${MACULA_BASE:-HEAD^}" 2>/dev/null |
      grep '\.h$' || true; } | sort -u
}

# Sources that differ from the base, and those whose header does.
changed_sources() {
  { git -c safe.directory="$root" diff --name-only "${MACULA_BASE:-HEAD^}" 2>/dev/null || true; } |
    sed -n 's/\.h$/.cc/; /\.cc$/p'
}

# matrix_build NAME CMAKE_ARGS: the digests of $recorded from a driver built so.
matrix_build() {
  local folder=$root/build/matrix/$1 name=$1
  # Tested by hand: 'set -e' has no effect in a function whose result is asked for.
  configure "$root/tests/determinism" "matrix/$name" "${@:2}" && compile "matrix/$name" || {
    echo "again: ./dev matrix $name"
    return 1
  }
  # One process a scenario and seed, each of which prints one line.
  (cd "$root" && cut -f 1,2 "$recorded" | sed 's/\(.*\)\t\(.*\)/\2 \2 \1/' |
    xargs -P "$jobs" -n 3 "$folder/digest_driver" | sort) >"$folder.tsv"
  if ! diff -u "$recorded" "$folder.tsv" >"$folder.diff"; then
    printf '%-24s DIFFERS from tests/digests.tsv\n' "$name"
    head -n 20 "$folder.diff"
    printf 'again: ./dev matrix %s%s\n' "$name" "${sample:+ --sample $sample --seed $seed}"
    return 1
  fi
  printf '%-24s same digests, %s of them\n' "$name" "$(wc -l <"$recorded")"
}

matrix_builds=(
  'g++-release     -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Release'
  'g++-debug       -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Debug'
  'clang++-release -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Release'
  'clang++-debug   -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug'
  'clang++-libc++  -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Release
                   -DCMAKE_CXX_FLAGS=-stdlib=libc++ -DCMAKE_EXE_LINKER_FLAGS=-stdlib=libc++'
)

# matrix [--sample N --seed SEED] [BUILD...]: same file, same seed: the same digest from every
# compiler, library, level and number of jobs. A sample is taken of scenarios, and has the two
# builds that together differ from the plain one in all: compiler, library and level.
matrix() {
  need_packages build test check
  take_sample "$@"
  local build words recorded=$root/build/matrix/recorded.tsv failed=0
  [[ -z $sample || ${#rest[@]} -gt 0 ]] || rest=(g++-debug clang++-libc++ program)
  mkdir -p "$root/build/matrix"
  sampled <"$root/tests/digests.tsv" | sort >"$recorded"
  for build in "${matrix_builds[@]}"; do
    read -d '' -ra words <<<"$build" || true
    [[ ${#rest[@]} -eq 0 || " ${rest[*]} " == *" ${words[0]} "* ]] || continue
    matrix_build "${words[@]}" || failed=1
  done
  if [[ ${#rest[@]} -eq 0 || " ${rest[*]} " == *' program '* ]]; then
    build_program
    digests --jobs 1 || failed=1
    digests --jobs 3 || failed=1
    digests --set scenario.wire=encoded || failed=1
  fi
  return "$failed"
}

# One build for the tests and the fuzzers: the fuzzers' coverage costs the tests less time than a
# second build of everything.
configure_asan() {
  configure "$root" asan -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DMACULA_BENCH=OFF \
    -DMACULA_REAL_TIME_TESTS=OFF -DMACULA_FUZZ=ON \
    -DCMAKE_CXX_FLAGS="$sanitized -fsanitize=fuzzer-no-link,address,undefined"
}
sanitized='-O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=all'

# sanitizers [--sample N --seed SEED]: the sample is of scenarios; all tests are run, but properties
# with fewer cases.
sanitizers() {
  need_packages build test check
  take_sample "$@"
  local failed=0
  say "tests with address and undefined-behaviour sanitizers"
  configure_asan
  compile asan
  [[ -z $sample ]] || export RC_PARAMS=${RC_PARAMS:-max_success=25}
  run_ctest asan --label-exclude 'release|real_time' --exclude-regex '^scenarios$' "${rest[@]}" ||
    failed=1
  run_scenarios asan "$(cd "$root" && find scenarios -name '*.toml' | sort | sampled)" || failed=1
  return "$failed"
}

# threads: parallel runs with the thread sanitizer.
threads() {
  need_packages build test check
  configure "$root" tsan -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DMACULA_BENCH=OFF \
    -DMACULA_TESTS=OFF -DCMAKE_CXX_FLAGS="$sanitized -fsanitize=thread"
  compile tsan macula-sim
  run_scenarios tsan scenarios/integration --seeds 1..2 --jobs 4
}

# run_scenarios BUILD FILES ARGS: failed expectations are the tests' business; a sanitizer ends a
# program with another code.
run_scenarios() {
  local program=build/$1/bin/macula-sim code=0
  # shellcheck disable=SC2086
  (cd "$root" && "$program" run $2 --quiet "${@:3}") || code=$?
  [[ $code -eq 0 || $code -eq 1 ]] || {
    echo "ERROR: $program ended with $code"
    printf 'again: %s run %s %s\n' "$program" "$(xargs <<<"$2")" "${*:3}"
    return 1
  }
}

# mutants [--sample N --seed SEED] [--seeds A..B] [NAME]: scenarios notice with each of the seeds.
mutants() {
  need_packages build test check
  python3 "$root/tests/mutants/run.py" --build "$root/build/mutants" --jobs "$jobs" "$@"
}

# planter [--sample N --seed SEED] [--only PATTERN]: plants flaws that a program makes, and says
# which survive.
planter() {
  need_packages build test check
  python3 "$root/tests/planter/plant.py" --build "$root/build/mutants" --jobs "$jobs" "$@"
}

# draws [N]: the dependences of draws, tried in N random scenarios; './dev test' has a hundred.
draws() {
  need_packages build test
  configure_release ON
  compile release run_tests
  RC_PARAMS="max_success=${1:-2000}" "$root/build/release/tests/run_tests" --gtest_filter='Draws.*'
}

# seeds [--sample N --seed SEED] [--seeds A..B] [PATH...]: every committed scenario passes with
# seeds 1 to 50, or 20 where a run takes long. The sample is of scenarios with a seed.
seeds() {
  build_program
  need_packages test
  python3 "$root/tests/tools/seeds.py" --program "$root/bin/macula-sim" --jobs "$jobs" "$@"
}

# soak [ARGS]: thirty real nodes for two minutes, nine of which are killed and restarted.
soak() {
  build node
  need_packages test
  python3 "$root/tests/soak/soak.py" --program "$root/bin/macula-node" "$@"
}

# hostile_soak [MINUTES] [SEED]: twelve real nodes under every attack; the clock runs ahead.
hostile_soak() {
  need_packages build test
  configure_release ON
  compile release hostile_soak
  "$root/build/release/tests/hostile_soak" "$@"
}

# fuzz [--seconds N] [--seed SEED] [PROGRAM...]: so long for each parser.
fuzz() {
  need_packages build test check
  local seconds=30 number programs=() failed=0
  [[ ${1:-} != --seconds ]] || { seconds=$2; shift 2; }
  take_sample "$@"
  number=$(printf %s "$seed" | cksum | cut -d ' ' -f 1)
  configure_asan
  compile asan fuzzers
  mapfile -t programs < <(cd "$root" && ls build/asan/tests/fuzz/*_fuzz | grep -E \
    "/($([[ ${#rest[@]} -gt 0 ]] && (IFS='|' && echo "${rest[*]}") || echo '.*'))$")
  export -f fuzz_one
  export root seconds number seed
  printf '%s\n' "${programs[@]}" | xargs -P "$jobs" -n 1 bash -c 'fuzz_one "$1"' - || failed=1
  return "$failed"
}

fuzz_one() {
  local program=$root/$1 name work
  name=$(basename "$program")
  work=$root/build/asan/found/$name
  rm -rf "$work"
  mkdir -p "$work"
  if "$program" -seed="$number" -max_len=4096 -timeout=10 -max_total_time="$seconds" \
    -rss_limit_mb=2048 -artifact_prefix="$work/" "$work" "$root/tests/fuzz/corpus/$name" \
    >"$work.log" 2>&1; then
    echo "$name: $(tail -n 1 "$work.log")"
    return
  fi
  tail -n 60 "$work.log"
  echo "$name FAILED; the input that did it is in ${work#"$root/"}"
  echo "again: ./dev fuzz --seconds $seconds --seed $seed $name"
  return 1
}

# worlds [--sample N --seed SEED]: the world `quic` against `virtual`, in real time: half a minute
# each, so that what is measured is the network and not the queue for a core.
worlds() {
  take_sample "$@"
  build_program
  local files
  mapfile -t files < <(cd "$root" && ls scenarios/integration/strict/*.toml | sampled)
  compare_worlds same quic "${files[@]}"
}

# Tables of docs/ that come from many runs; with --accept they are brought up to date.
studies() {
  build_program
  cd "$root"
  python3 tests/tools/studies.py --program bin/macula-sim "$@"
}

# The scenarios that './dev test' leaves out, and real sockets against virtual time, a minute each.
fidelity() {
  local file files=()
  build_program
  compare_fidelity scenarios/fidelity/families
  for file in cut-02 dial-cut-11 large-60k-40ms loss-05 many-pings relay; do
    files+=("scenarios/fidelity/$file.toml")
  done
  compare_fidelity --worlds virtual-quic,quic --seeds 1 "${files[@]}"
}

compare_fidelity() {
  need_packages build test
  cd "$root"
  python3 tests/tools/fidelity.py --program bin/macula-sim "$@"
}

# By hand, on a quiet machine: it measures time.
worlds_latency() {
  build_program
  compare_worlds latency quic scenarios/quic/latency.toml
}

compare_worlds() {
  need_packages build test
  cd "$root"
  python3 tests/tools/worlds.py --program bin/macula-sim "$@"
}

# Short runs: the figures are printed, and only a benchmark that does not run fails. The targets are
# held by './dev bench', on a quiet machine.
bench_smoke() { bench --smoke; }

# figure SCENARIO K NODES EXPECTED...: a scenario of convergence/ among so many nodes of its group;
# what its expectations state then, one after another; with /GATE where the gate is another, too.
figure() {
  local scenario=$1 settings=(--set "protocol.k=$2" --set "group.node.count=$3") index=0 value
  for value in "${@:4}"; do
    settings+=(--set "expect.$index.near=${value%/*}")
    [[ $value != */* ]] || settings+=(--set "expect.$index.gate=${value#*/}")
    index=$((index + 1))
  done
  (cd "$root" && bin/macula-sim run "scenarios/convergence/$scenario.toml" "${settings[@]}") ||
    { echo "again: ./dev figures $scenario"; return 1; }
}

# The figures of convergence/ among 100 000 nodes, one of which is the bootstrap node where they
# join. `./dev test` has them up to 10 000.
figures_100k='lookup-cost 8 100000 3.01 5.31 14.8/0.3 212ms
lookup-cost 20 100000 2.30 8.55 24.5 342ms
table-size 8 99999 115.7/2.31
widened-lookup-cost 8 100000 3.01 4.56 14.8/0.3 182ms
widened-lookup-cost 20 100000 2.30 3.92 24.5 157ms'

# figures [--sample N --seed SEED] [SCENARIO...]
figures() {
  take_sample "$@"
  build_program
  local words failed=0
  while read -ra words; do
    [[ ${#rest[@]} -eq 0 || " ${rest[*]} " == *" ${words[0]} "* ]] || continue
    figure "${words[@]}" </dev/null || failed=1
  done < <(sampled <<<"$figures_100k")
  return "$failed"
}

# The page of a run of so many nodes is below what docs/reports.md promises.
large_page() {
  local folder size most=5000000
  folder=$(mktemp -d)
  # The figures of the file are those of another number of nodes.
  (cd "$root" && bin/macula-sim run scenarios/convergence/lookup-cost.toml --quiet \
    --set "group.node.count=$1" --out "$folder/out" --report "$folder/page.html") || true
  size=$(stat -c %s "$folder/page.html") || size=$most
  rm -r "$folder"
  echo "the page of $1 nodes: $size bytes, below $most"
  [[ $size -lt $most ]]
}

# By hand, in a quarter of an hour and with 12 GiB of memory: among 1 000 000 nodes. The gates of
# the model are those of depth and rounds; requests have a wider one here.
figures_large() {
  build_program
  bundle_page
  large_page 1000000
  figure table-size 20 99999 263.9/5.28
  figure lookup-cost 8 1000000 3.67 5.93 16.7/0.3 237ms
  figure lookup-cost 20 1000000 2.81 9.04 26.0 362ms
}
