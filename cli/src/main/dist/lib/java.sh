# Read by bin/bunctl and lib/bunctld, which set lib, home and fail. Sets java to a Java of at least version 25, without
# starting one, and keeps what would change our own Java's behaviour away from it. What the caller had is kept under
# BUNCTL_CALLER_*, from which the clients restore the environment that apps inherit.

is_java() { # folder of a JDK or JRE; the file "release" says its version
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
        'JAVA_VERSION="'[1-9][0-9]*)
            java_version=${line#*\"}
            java_version=${java_version%\"}
            number=${java_version%%[!0-9]*}
            [ "$number" -ge 25 ] && return 0
            return 1
            ;;
        esac
    done <"$1/release"
    return 1
}

find_java() {
    if [ -n "${BUNCTL_JAVA_HOME:-}" ]; then
        is_java "$BUNCTL_JAVA_HOME" && found=$BUNCTL_JAVA_HOME && return 0
        fail 5 "BUNCTL_JAVA_HOME is no Java 25 or later: $BUNCTL_JAVA_HOME" "set it to the folder of a JDK 25, or unset it"
    fi
    # The Java for which the start-up caches were made comes before others of the same version.
    made_for=
    [ -r "$lib/aot/java-home" ] && IFS= read -r made_for <"$lib/aot/java-home"
    saved_ifs=$IFS
    IFS=:
    for folder in ${PATH:-}; do
        case $folder in */bin) set -- "$@" "${folder%/bin}" ;; esac
    done
    IFS=$saved_ifs
    for found in "${JAVA_HOME:-/nowhere}" "${made_for:-/nowhere}" "$@" /usr/lib/jvm/*25* /usr/lib/jvm/* \
        "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* "${HOME:-}"/.jdks/* \
        /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home /opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
        /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/java/* /opt/jdk*; do
        is_java "$found" && return 0
    done
    # A link such as /usr/bin/java that leads to a place of its own.
    if on_path=$(command -v java) && on_path=$(readlink -f -- "$on_path"); then
        found=${on_path%/bin/java}
        is_java "$found" && return 0
    fi
    fail 5 "no Java 25 found (JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN, Homebrew)" \
        "install one (Debian, Ubuntu: apt install openjdk-25-jre-headless) or set BUNCTL_JAVA_HOME"
}

set_aside() {
    unset BUNCTL_CALLER_LC_ALL BUNCTL_CALLER_JAVA_TOOL_OPTIONS BUNCTL_CALLER_JDK_JAVA_OPTIONS BUNCTL_CALLER__JAVA_OPTIONS
    [ -z "${LC_ALL+set}" ] || export BUNCTL_CALLER_LC_ALL="$LC_ALL"
    [ -z "${JAVA_TOOL_OPTIONS+set}" ] || export BUNCTL_CALLER_JAVA_TOOL_OPTIONS="$JAVA_TOOL_OPTIONS"
    [ -z "${JDK_JAVA_OPTIONS+set}" ] || export BUNCTL_CALLER_JDK_JAVA_OPTIONS="$JDK_JAVA_OPTIONS"
    [ -z "${_JAVA_OPTIONS+set}" ] || export BUNCTL_CALLER__JAVA_OPTIONS="$_JAVA_OPTIONS"
    unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
    export LC_ALL=C.UTF-8
}

# The class loading of an earlier run, see JEP 483 and 514. While the distribution is built, such a run is recorded, and
# the cache is assembled from it. Java does not look whether the jars are still those of the cache: it would run the
# classes of a former version. So a cache counts only when it was made for this build and this Java.
# Those that the daemon has made in the home come first: it does so only where others do not fit.
start_up_cache() { # thin, full or daemon
    cache=-XX:AOTMode=off mode='' recorded='' caches=''
    if [ -n "${BUNCTL_RECORD:-}" ]; then
        mode=-XX:AOTMode=record cache=-XX:AOTConfiguration=$BUNCTL_RECORD/$1.recorded
    elif [ -n "${BUNCTL_ASSEMBLE:-}" ]; then
        mode=-XX:AOTMode=create recorded=-XX:AOTConfiguration=$BUNCTL_ASSEMBLE/$1.recorded
        cache=-XX:AOTCache=$BUNCTL_ASSEMBLE/$1.aot
    elif is_cache "$home/aot" "$1"; then
        caches=$home/aot
    elif is_cache "$lib/aot" "$1"; then
        caches=$lib/aot
    fi
    [ -z "$caches" ] || cache=-XX:AOTCache=$caches/$1.aot
}

is_cache() { # folder, thin or full or daemon
    [ -s "$1/$2.aot" ] && [ -r "$1/made-for" ] && [ -r "$lib/build" ] || return 1
    IFS= read -r build <"$lib/build"
    { IFS= read -r made_build && IFS= read -r made_java && IFS= read -r made_version; } <"$1/made-for" || return 1
    [ "$made_build" = "$build" ] && [ "$made_java" = "$found" ] && [ "$made_version" = "$java_version" ]
}

find_java
java=$found/bin/java
set_aside
# -Xlog:disable: a missing or stale cache is no news. ArchiveRelocationMode: a cache at the place it was made for is
# mapped, elsewhere it is rewritten (1,000 page faults). -MaxFDLimit: the limit that apps inherit is the caller's.
client_flags='-Xlog:disable -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Xrs -Xss256k -XX:+UseSerialGC -XX:-UsePerfData -XX:-MaxFDLimit'
