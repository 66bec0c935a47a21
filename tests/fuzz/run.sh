#!/usr/bin/env bash
# `make fuzz`: runs each fuzzer for some seconds, and prints a table.
#   tests/fuzz/run.sh SECONDS [TARGET,...]
# Corpora are kept in target/fuzz/corpus, where the next run continues. Inputs that cause faults
# are in target/fuzz/faults. cargo-fuzz is installed if it is missing. If there is no nightly Rust,
# RUSTC_BOOTSTRAP makes the stable one accept nightly options.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PATH:$HOME/.cargo/bin"

FOLDER=target/fuzz
HOST=$(rustc -vV | sed -n 's/^host: //p')

main() {
    local seconds=${1:?usage: tests/fuzz/run.sh SECONDS [TARGET,...]} target faults=0
    local targets=${2:-model,summary,refinement,product,request,fit}
    command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
    build
    "$FOLDER/build/$HOST/release/seeds" "$FOLDER/corpus"
    printf '%-10s %10s %10s %10s %10s %7s\n' target cases cases/s edges corpus faults
    for target in ${targets//,/ }; do
        run_target "$target" "$seconds" || faults=1
    done
    exit $faults
}

# -a turns debug assertions on: an integer overflow is a fault.
build() {
    local cargo=(cargo)
    if cargo +nightly --version >/dev/null 2>&1; then
        cargo=(cargo +nightly)
    else
        export RUSTC_BOOTSTRAP=1
    fi
    "${cargo[@]}" fuzz build -O -a --fuzz-dir tests/fuzz --target-dir "$FOLDER/build"
}

run_target() {
    local target=$1 seconds=$2 log=$FOLDER/$1.log program code=0 n_faults words=()
    program=$FOLDER/build/$HOST/release/$target
    # Binary seeds have no words, and libFuzzer refuses an empty dictionary.
    [ ! -s "$FOLDER/corpus/$target.dict" ] || words=(-dict="$FOLDER/corpus/$target.dict")
    mkdir -p "$FOLDER/faults/$target"
    "$program" "$FOLDER/corpus/$target" "${words[@]}" -max_total_time="$seconds" \
        -max_len=20000 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$FOLDER/faults/$target/" >"$log" 2>&1 || code=$?
    n_faults=$(find "$FOLDER/faults/$target" -type f -newer "$FOLDER/corpus/$target.dict" | wc -l)
    printf '%-10s %10s %10s %10s %10s %7s\n' "$target" \
        "$(stat "$log" number_of_executed_units)" "$(stat "$log" average_exec_per_sec)" \
        "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -1)" \
        "$(find "$FOLDER/corpus/$target" -type f | wc -l)" "$n_faults"
    [ $code = 0 ] && return
    grep -E "panicked at|ERROR: |SUMMARY: " -A 2 "$log" | head -8
    echo "  to repeat it: $program FILE, with a file of $FOLDER/faults/$target; full log: $log"
    return 1
}

stat() {
    sed -n "s/^stat::$2: *//p" "$1"
}

main "$@"
