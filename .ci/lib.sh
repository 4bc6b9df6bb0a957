# Functions of .ci/run. Sourced, never run.

declare -a step_names=() step_seconds=() lanes=()
current=''
started=0

fail() {
  printf 'ci: %s\n' "$*" >&2
  exit 1
}

# step NAME COMMAND…: runs it, with a headline and the time it took
step() {
  current=$1
  shift
  printf '\n==> %s\n' "$current"
  started=$SECONDS
  "$@"
  step_names+=("$current")
  step_seconds+=($((SECONDS - started)))
  current=''
}

# side_by_side LANE…: functions that have their parts done one after the other, at the same time
side_by_side() {
  local lane failed=''
  : > "$work/parts"
  set -m # each with a process group of its own, to be ended as a whole
  for lane in "$@"; do
    "$lane" &
    lanes+=($!)
  done
  set +m
  for lane in "${lanes[@]}"; do
    wait "$lane" || failed=yes
  done
  lanes=()
  [[ -z $failed ]] || fail "failed: $(sed -n 's/^FAILED //p' "$work/parts" | paste -s -d ',')"
  printf '\n'
  cat "$work/parts"
}

# part NAME COMMAND…: one of a lane; what it writes is shown as a whole when it has ended
part() {
  local name=$1 began=$SECONDS status=0 log
  shift
  log=$(mktemp "$work/part.XXXXXX")
  # what it says by exit is about itself, not about the lane
  ("$@") > "$log" 2>&1 || status=$?
  {
    flock 9
    printf '\n--> %s\n' "$name"
    cat "$log"
    if [[ $status -eq 0 ]]; then
      printf '%5s s  %s\n' "$((SECONDS - began))" "$name" >> "$work/parts"
    else
      printf 'FAILED %s (status %s, after %s s)\n' "$name" "$status" "$((SECONDS - began))" | tee -a "$work/parts" >&2
    fi
  } 9> "$work/shown"
  return "$status"
}

leave() {
  local status=$1 lane
  for lane in "${lanes[@]}"; do
    kill -- "-$lane" 2> /dev/null && wait "$lane" || true
  done
  if [[ $status -ne 0 && -n $current ]]; then
    printf '\nci: FAILED at "%s" (status %s, after %s s)\n' "$current" "$status" "$((SECONDS - started))" >&2
  fi
  if [[ -n ${BACTRIAN_CI_KEEP:-} ]]; then
    printf 'ci: kept %s\n' "$work" >&2
  else
    rm -rf "$work" "${scratch:-$work}"
  fi
  exit "$status"
}

report() {
  local i
  printf '\nci: all passed\n'
  for i in "${!step_names[@]}"; do
    printf '  %5s s  %s\n' "${step_seconds[$i]}" "${step_names[$i]}"
  done
  printf '  %5s s  in all\n' "$SECONDS"
}

need() {
  local command
  for command in "$@"; do
    command -v "$command" > /dev/null || fail "'$command' is missing; install it"
  done
}

java_version() {
  "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
}

# find_jdk VERSION HOME: prints the home of a JDK of that version; the given one, or one that is installed
find_jdk() {
  local version=$1 given=$2 home
  for home in ${given:+"$given"} ${given:-${JAVA_HOME:-}} /usr/lib/jvm/temurin-"$version"-* /usr/lib/jvm/*"$version"*; do
    if [[ -x $home/bin/javac && $(java_version "$home") == "$version" ]]; then
      (cd "$home" && pwd -P)
      return
    fi
  done
  if [[ -z $given && $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
    install_jdk "$version" >&2 && find_installed_jdk "$version" && return
  fi
  fail "no JDK $version found: install one, or set BACTRIAN_JDK$version to its home"
}

install_jdk() {
  local package
  for package in "openjdk-$1-jdk-headless" "temurin-$1-jdk"; do
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$package" && return
  done
  return 1
}

find_installed_jdk() {
  local home
  for home in /usr/lib/jvm/*"$1"*; do
    if [[ -x $home/bin/javac && $(java_version "$home") == "$1" ]]; then
      (cd "$home" && pwd -P)
      return
    fi
  done
  return 1
}

find_fixtures() {
  local folder=${2:-$1/../shared/fixtures/wire}
  [[ -d $folder/openai ]] ||
    fail "the recorded provider payloads are not in '$folder': set BACTRIAN_WIRE_FIXTURES to their folder"
  (cd "$folder" && pwd -P)
}

# What is committed or would be: tracked files as they are now, and new ones that git does not ignore.
clean_checkout() {
  local from=$1 to=$2
  mkdir -p "$to"
  git -C "$from" ls-files -z --cached --others --exclude-standard --deduplicate |
    (cd "$from" && while IFS= read -r -d '' file; do [[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"; done) |
    tar -C "$from" --null --no-recursion -T - -cf - | tar -C "$to" -xf -
  printf '%s files, at %s%s\n' "$(find "$to" -type f | wc -l)" "$(git -C "$from" rev-parse --short HEAD)" \
    "$([[ -z $(git -C "$from" status --porcelain) ]] || echo ' with changes that are not committed')"
}

# make_scratch FOLDER: a folder for what the tests write and nobody reads afterwards, which is gigabytes: in memory if there is
# plenty of it, and programs may be run from it; else within FOLDER
make_scratch() {
  local shared=/dev/shm folder
  if [[ $(df --output=avail -k "$shared" 2> /dev/null | tail -n 1) -ge 4000000 &&
    $(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2> /dev/null) -ge 10000000 ]] &&
    folder=$(mktemp -d "$shared/bactrian-ci.XXXXXX" 2> /dev/null); then
    if cp "$(command -v sleep)" "$folder/runs" && "$folder/runs" 0 2> /dev/null; then
      rm "$folder/runs"
      chmod 755 "$folder" # PostgreSQL runs as another user
      printf '%s\n' "$folder"
      return
    fi
    rm -rf "$folder"
  fi
  mkdir -m 755 "$1/scratch"
  printf '%s\n' "$1/scratch"
}

# verify JDK CHECKOUT LOG PROPERTY…: the test command of the README
verify() {
  local home=$1 folder=$2 log=$3 status
  shift 3
  : > "$log.started"
  set +o pipefail
  (cd "$folder" && JAVA_HOME=$home mvn -B -Dstyle.color=never "$@" verify) 2>&1 | tee "$log" | progress
  status=${PIPESTATUS[0]}
  set -o pipefail
  if [[ $status -ne 0 ]]; then
    failed_tests "$folder" || true
    fail "mvn -B verify failed on $home"
  fi
  nothing_skipped "$log"
  # what is built and tested now is what the launcher is to start, as if it had built that itself
  touch -r "$log.started" "$folder/src/target/.built"
}

# first_use CHECKOUT: the launcher builds what it finds in a clean checkout, and starts it
first_use() {
  "$1/bactrian" --help 2>&1 | tee "$1.log"
  grep -q 'bactrian: built' "$1.log" || fail 'it was not built on first use'
  grep -q 'Usage: bactrian' "$1.log" || fail 'it does not start'
}

# one line for each class and module, all warnings and errors; not the downloads
progress() {
  grep --line-buffered -E '^\[(WARNING|ERROR)\]|Tests run:|Building Bactrian|BUILD|Total time|Reactor Summary| SUCCESS | FAILURE ' || true
}

# what the failing tests wrote
failed_tests() {
  local report
  find "$1" -path '*-reports/*.txt' ! -name '*-output.txt' -print0 |
    xargs -0 -r grep -l -E 'FAILURE!|ERROR!' | while IFS= read -r report; do
    printf -- '--- %s\n' "${report#"$1"/}"
    head -c 8000 "$report"
    tail -n 20 "${report%.txt}-output.txt" 2> /dev/null || true
  done
}

# totals of a log of Maven: tests, failures, errors, skipped
totals() {
  sed -n 's/.*Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\)$/\1 \2 \3 \4/p' "$1" |
    awk '{ run += $1; failed += $2; broken += $3; skipped += $4 } END { print run + 0, failed + 0, broken + 0, skipped + 0 }'
}

nothing_skipped() {
  local run failed broken skipped
  read -r run failed broken skipped < <(totals "$1")
  [[ $run -gt 0 ]] || fail 'no test was run'
  [[ $failed -eq 0 && $broken -eq 0 ]] || fail "$failed tests failed, $broken broke"
  [[ $skipped -eq 0 ]] || fail "$skipped tests were skipped: every test has to run here"
}

# Surefire's closing lines, a line for each module, and their sum
closing_lines() {
  local run failed broken skipped
  read -r run failed broken skipped < <(totals "$2")
  printf '\nTests on JDK %s:\n' "$1"
  # modules are built side by side: the totals of each in the order in which they ended, then how each of them ended
  grep -E 'Tests run: .*Skipped: [0-9]+$|^\[INFO\] Bactrian.* (SUCCESS|FAILURE|SKIPPED)' "$2" | sed -e 's/^\[[A-Z]*\] */  /'
  printf 'Tests run: %s, Failures: %s, Errors: %s, Skipped: %s\n' "$run" "$failed" "$broken" "$skipped"
}

# LOG-01: what tests plant as a secret shows in no output of any test, nor in a file the runnable left behind. The
# scanner's own tests leak on purpose; and Surefire's XML lists the system properties of the JVM, where a test may hand a
# secret to a placeholder.
no_canary() {
  local leaks
  leaks=$(grep -r -a -o -E '.{0,80}bxcanary-[a-z0-9-]+-[0-9a-f]{32}' "$1" --include='*.txt' --include='*.xml' \
    --include='*.log' --include='*.db' 2> /dev/null |
    grep -a -v -e '/components/testkit/' -e ':[[:space:]]*<property name="[^"]*" value="bxcanary-' |
    cut -d: -f1 | sort -u || true)
  [[ -z $leaks ]] || fail "a planted secret shows in:"$'\n'"$leaks"
  find "$1" -name '*-output.txt' -print | wc -l | xargs printf 'searched the output of %s test classes\n'
}

# what the Camel plugin generates is in the jars although nothing of it is committed
generated_files() {
  local jar missing='' entry listing
  for jar in "$2"/components/model/target/bactrian-model-[0-9]*.jar; do
    [[ $jar == *-sources.jar || $jar == *-javadoc.jar ]] && continue
    listing=$("$1/bin/jar" tf "$jar")
    for entry in META-INF/services/org/apache/camel/component/model \
      META-INF/services/org/apache/camel/component.properties \
      META-INF/services/org/apache/camel/TypeConverterLoader \
      META-INF/services/org/apache/camel/urifactory/model-endpoint \
      META-INF/services/org/apache/camel/configurer/model-endpoint \
      META-INF/services/org/apache/camel/configurer/model-component; do
      grep -qxF "$entry" <<< "$listing" || missing+=" $entry"
    done
    [[ -z $missing ]] || fail "$(basename "$jar") lacks:$missing"
    printf '%s: complete\n' "$(basename "$jar")"
    return
  done
  fail 'components/model has no jar'
}
