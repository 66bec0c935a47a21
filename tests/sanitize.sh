#!/usr/bin/env bash
# `make sanitize`: runs tests with tools that find errors of memory and threads. Each part prints
# how many tests passed, and the time. ONLY=valgrind,thread chooses parts. A part whose tool is
# missing says so and does not fail.
#
#   address    the C and C++ tests, compiled with gcc's AddressSanitizer and UBSan, against the
#              ordinary library
#   valgrind   the same programs under valgrind; leaks are errors
#   rust       the Rust tests of views, kernels, summaries and hostile input, compiled with
#              AddressSanitizer (nightly)
#   thread     the Rust tests that run on several threads, compiled with ThreadSanitizer (nightly)
#   miri       the unit tests of views and strides under Miri (nightly with miri and rust-src)
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:$HOME/.cargo/bin"

PYTEST=(.venv/bin/python -m pytest -q -p no:cacheprovider -p no:pytest_qgis -p no:pytest-qt)
TARGET=$(rustc -vV | sed -n 's/^host: //p')
PARTS=${ONLY:-address,valgrind,rust,thread,miri}
failed=()

main() {
    local part started
    for part in ${PARTS//,/ }; do
        started=$SECONDS
        echo "== $part"
        "part_$part" || failed+=("$part")
        echo "== $part: $((SECONDS - started)) s"
    done
    [ ${#failed[@]} = 0 ] || { echo "sanitize: failed: ${failed[*]}" && exit 1; }
    echo "sanitize: no errors found"
}

part_address() {
    ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
        BANDCLUSTER_C_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all" \
        "${PYTEST[@]}" tests/test_c_api.py
}

part_valgrind() {
    # helpers.VALGRIND suppresses memory that GDAL's drivers hold until the process ends.
    BANDCLUSTER_UNDER="$(
        PYTHONPATH=tests .venv/bin/python -c 'import helpers; print(*helpers.VALGRIND)'
    )" "${PYTEST[@]}" tests/test_c_api.py
}

part_rust() {
    has_nightly || return 0
    # valgrind looks for leaks. Here, tests leak on purpose and the runtime never frees some memory.
    # A test asks for more memory than there is, and wants to be refused.
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
        with_sanitizer address --lib --test determinism --test many_bands --test fuzz_corpus
}

part_thread() {
    has_nightly || return 0
    # The standard library is not instrumented (that needs rust-src and -Zbuild-std), so its locks
    # look like races.
    TSAN_OPTIONS="suppressions=$PWD/tests/thread_sanitizer.txt halt_on_error=0 exitcode=66" \
        with_sanitizer thread --test determinism --test many_bands
}

part_miri() {
    has_nightly || return 0
    cargo +nightly miri --version >/dev/null 2>&1 || {
        echo "Miri is not installed: run rustup +nightly component add miri rust-src"
        return 0
    }
    MIRIFLAGS=-Zmiri-disable-isolation \
        cargo +nightly miri test --target-dir target/sanitize/miri --lib raster::
}

has_nightly() {
    cargo +nightly --version >/dev/null 2>&1 || {
        echo "there is no nightly Rust: run rustup toolchain install nightly"
        false
    }
}

# Runs the named Rust tests. All code except the standard library is compiled with the sanitizer.
with_sanitizer() {
    local sanitizer=$1
    shift
    RUSTFLAGS="-Zsanitizer=$sanitizer -Cunsafe-allow-abi-mismatch=sanitizer" \
        CARGO_PROFILE_TESTING_OPT_LEVEL=1 CARGO_PROFILE_TESTING_DEBUG=1 \
        CARGO_PROFILE_TESTING_STRIP=none \
        cargo +nightly test --no-default-features --profile testing --target "$TARGET" \
        --target-dir "target/sanitize/$sanitizer" "$@"
}

main
