#!/bin/sh
# Builds the guard: build.sh OUTPUT_FOLDER VERSION [tests|fuzz]
# With "tests" also bunctl-guard-faults (fault points compiled in, small limits), the C tests and the bench of src/test/c; with "fuzz" the fuzz target.
# Static where the libc allows, so that one file runs on any Linux; CC and CFLAGS of the caller are honoured.
set -eu
out=$1
version=$2
kind=${3:-}
here=$(dirname "$0")
tests=$here/../../test/c
CC=${CC:-cc}

if ! command -v "$CC" >/dev/null 2>&1; then
    echo "bunctl: a C compiler is needed: apt-get install gcc libc6-dev" >&2
    exit 1
fi
mkdir -p "$out"
try=$out/try.$$
trap 'rm -f "$try" "$try.c"' EXIT
echo '#include <stdio.h>
int main(int c, char **v) { char b[16]; snprintf(b, sizeof b, "%d%s", c, v[0]); return b[0] == 0; }' >"$try.c"

works() {
    # shellcheck disable=SC2086
    "$CC" -O2 -Werror $1 "$try.c" -o "$try" >/dev/null 2>&1 && "$try"
}

if ! works ""; then
    echo "bunctl: $CC cannot build a program; a C compiler and the libc's headers are needed: apt-get install gcc libc6-dev" >&2
    exit 1
fi
fortify=-D_FORTIFY_SOURCE=2
works -D_FORTIFY_SOURCE=3 && fortify=-D_FORTIFY_SOURCE=3
link=-pie
works "-fPIE -static-pie" && link=-static-pie
flags="-std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Werror -U_FORTIFY_SOURCE $fortify -fstack-protector-strong -fPIE ${CFLAGS:-}"

# newer OUTPUT SOURCES...: whether the output is there and no source is newer.
newer() {
    target=$1
    shift
    [ -e "$target" ] || return 1
    for source in "$@"; do
        [ "$target" -nt "$source" ] || return 1
    done
}

# link_program NAME DEFINITIONS SOURCES...
link_program() {
    name=$1
    definitions=$2
    shift 2
    if newer "$out/$name" "$0" "$here"/*.h "$tests"/*.h "$@"; then
        return
    fi
    # shellcheck disable=SC2086
    "$CC" $flags $definitions -DBUNCTL_VERSION="\"$version\"" -I"$here" "$@" $link -Wl,-z,relro,-z,now -o "$out/$name.tmp"
    mv "$out/$name.tmp" "$out/$name"
}

link_program bunctl-guard "" "$here"/*.c
if [ "$kind" = tests ]; then
    link_program bunctl-guard-faults "-DBUNCTL_FAULTS -DBUNCTL_MAX_ENTRIES=8 -DBUNCTL_SPILL_BYTES=1048576" "$here"/*.c
    link_program test-wire "" "$here/wire.c" "$here/plan.c" "$tests/test_wire.c" "$tests/check.c"
    link_program fake-daemon "" "$tests/fake_daemon.c"
    link_program test-app "" "$tests/test_app.c"
    link_program test-guard "" "$here/wire.c" "$here/plan.c" "$tests/test_guard.c" "$tests/test_setup.c" "$tests/test_away.c" "$tests/harness.c" "$tests/check.c"
    link_program bench-spawn "" "$here/wire.c" "$here/plan.c" "$tests/bench_spawn.c" "$tests/harness.c" "$tests/check.c"

fi
if [ "$kind" = fuzz ]; then
    if ! command -v clang >/dev/null 2>&1; then
        echo "bunctl: the fuzz profile needs clang: apt-get install clang libclang-rt-dev" >&2
        exit 1
    fi
    clang -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
        -I"$here" "$here/wire.c" "$here/plan.c" "$tests/fuzz_plan.c" -o "$out/fuzz-plan"
fi
