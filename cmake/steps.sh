# The steps of CI and of the nightly, and how they run: sourced by ./dev.
#
# To add a step: a row in this table, and a function of its name in cmake/check.sh (or ./dev). The
# function is a command of ./dev then; with the arguments of a column it is a step of CI or of the
# nightly, in a process of its own. `-` means: no step there; `%` is a seed that differs from commit
# to commit. A step that fails prints lines that begin with `again: `, each a command that repeats
# alone what failed.
#
#  name         in CI                 in the nightly         what it does
steps=(
  'test        |                      |-                      |every short test, with one compiler'
  'repeat      |-                     |                       |those not in real time, 20 times'
  'lint        |--sample 30 --seed %  |                       |format, house rules, clang-tidy'
  'matrix      |--sample 20 --seed %  |                       |the same digests from every compiler'
  'sanitizers  |--sample 30 --seed %  |                       |memory, undefined behaviour'
  'threads     |-                     |                       |runs in parallel, with a sanitizer'
  'mutants     |--sample 4 --seed %   |--seeds 1..20           |each known flaw: its tests notice'
  'planter     |--sample 10 --seed %  |--sample 400 --seed %  |flaws drawn: which are noticed'
  'draws       |-                     |                       |what draws depend on, in 2 000 runs'
  'seeds       |--sample 100 --seed % |                       |scenarios pass with seeds 1 to 50'
  'fuzz        |--seconds 10 --seed % |--seconds 600 --seed % |the parsers, so many seconds each'
  'interop     |                      |                       |macula-node against quiche, from npm'
  'browser     |                      |                       |what macula-sim report writes, tried'
  'soak        |--seconds 40          |                       |thirty real nodes, nine are killed'
  'hostile_soak|12                    |                       |twelve nodes under every attack'
  'worlds      |--sample 3 --seed %   |                       |world quic tells the same as virtual'
  'studies     |--only power          |                       |tables of documents, from many runs'
  'fidelity    |-                     |                       |the model of QUIC and the real host'
  'bench_smoke |                      |                       |every benchmark runs'
  'figures     |--sample 1 --seed %   |                       |convergence/ among 100 000 nodes'
)

# step_names COLUMN: the names of the steps that CI (1) or the nightly (2) has, or of all (0).
step_names() {
  local row cells
  for row in "${steps[@]}"; do
    IFS='|' read -ra cells <<<"$row"
    [[ $1 -ne 0 && ${cells[$1]// /} == - ]] || printf '%s\n' "${cells[0]// /}"
  done
}

is_step() { grep -qxF -- "$1" <(step_names 0); }

# step_command COLUMN NAME: its words behind ./dev.
step_command() {
  local row cells arguments
  for row in "${steps[@]}"; do
    IFS='|' read -ra cells <<<"$row"
    [[ ${cells[0]// /} == "$2" ]] || continue
    read -ra arguments <<<"${cells[$1]}"
    printf '%s\n' "$2${arguments[*]+ ${arguments[*]//%/$(commit_seed)}}"
  done
}

# Names the part of the nightly that CI takes for this commit.
commit_seed() {
  printf '%s\n' "${MACULA_CI_SEED:-$(git -c safe.directory="$root" -C "$root" rev-parse \
    --short=12 HEAD 2>/dev/null || echo 1)}"
}

# Reads `--sample N` and `--seed SEED` into $sample and $seed, and all else into $rest.
take_sample() {
  sample='' seed=1 rest=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --sample | --seed)
        [[ $# -gt 1 ]] || { printf 'dev: %s wants a value\n' "$1" >&2; exit 2; }
        printf -v "${1#--}" %s "$2"
        shift 2
        ;;
      *) rest+=("$1"); shift ;;
    esac
  done
}

# Lines of standard input: those of the sample, or all when there is none.
sampled() {
  if [[ -n $sample ]]; then python3 "$root/tests/tools/sample.py" "$sample" "$seed"; else cat; fi
}

# The failures in a log, for people: its last lines that tell of one.
told_failures() {
  local telling='FAILED|Failure$|Falsifiable|SURVIVED|DIFFERS|MISSED|MISSING|ERROR|rror:|^again: '
  { grep -aE "$telling" "$1" || tail -n 15 "$1"; } | tail -n 25 | sed 's/^/   /'
}

# run_steps COLUMN NAME...: all of them, whatever fails; a table of their times, slowest first;
# then what failed, each with the command that repeats it.
run_steps() {
  local column=$1 name command start code line table=() failed=()
  shift
  for name in "$@"; do
    if ! grep -qxF -- "$name" <(step_names "$column"); then
      printf "dev: no step '%s'; there are: %s\n" "$name" "$(step_names "$column" | xargs)" >&2
      exit 2
    fi
  done
  need_packages build test check
  mkdir -p "$root/build/steps"
  say "the part of the nightly is that of the seed $(commit_seed);" \
    "again: MACULA_CI_SEED=$(commit_seed) ./dev $invoked"
  for name in "$@"; do
    command=$(step_command "$column" "$name")
    say "./dev $command"
    start=$SECONDS code=0
    # A process of its own: 'set -e' has no effect in a function whose result is asked for.
    # shellcheck disable=SC2086
    "$root/dev" $command 2>&1 </dev/null | tee "$root/build/steps/$name.log" >&2 || code=1
    [[ $code -eq 0 ]] || failed+=("$name")
    line=$(printf '%6d s  %-6s  ./dev %s' $((SECONDS - start)) \
      "$([[ $code -eq 0 ]] && echo good || echo FAILED)" "$command")
    table+=("$line")
    say "$line"
  done
  say "the steps, slowest first; $SECONDS s together"
  printf '%s\n' "${table[@]}" | sort -rn >&2
  [[ ${#failed[@]} -gt 0 ]] || { say "all good"; return 0; }
  for name in "${failed[@]}"; do
    say "FAILED: $name (all of it: build/steps/$name.log)"
    told_failures "$root/build/steps/$name.log" >&2
    printf 'again: ./dev %s\n' "$(step_command "$column" "$name")" >&2
  done
  return 1
}

steps_of() {
  local column=$1 names=()
  shift
  [[ $# -gt 0 ]] || mapfile -t names < <(step_names "$column")
  run_steps "$column" "${names[@]}" "$@"
}

# The steps of CI (.ci/run): all of them, or the named ones.
ci() { steps_of 1 "$@"; }
# The same without the plain tests.
check() {
  local names
  mapfile -t names < <(step_names 1 | grep -vx test)
  [[ $# -eq 0 ]] || names=("$@")
  run_steps 1 "${names[@]}"
}
# All of which CI takes a part, or the named steps of it. Hours.
nightly() { steps_of 2 "$@"; }
