#!/usr/bin/env bash
# Builds the image of the Kafka broker that the tests run under -Dkafka=testcontainers, without pulling any image.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

base=eclipse-temurin:17-jre
suite=bookworm
mirror=
install=false
rebuild_base=false
check=true

usage() {
    cat <<EOF
Usage: build.sh [options]

Builds forebay/kafka-test:VERSION, a Kafka broker laid out like the image apache/kafka, from Maven Central's
jars, and tags it apache/kafka:VERSION too, unless an apache/kafka:VERSION from elsewhere is there already.
Where the base image $base is not on this machine, a stand-in is made of Debian packages.
What is already built is not built again.

Options:
  --kafka-version V  Kafka's version (default: the one that this project is built with, $(project_kafka_version))
  --base IMAGE       base image, with bash and Java 17 or newer (default: $base)
  --rebuild-base     make the base image of Debian packages even if there is one
  --suite NAME       Debian release to make the base image of (default: $suite; needs openjdk-17-jre-headless)
  --mirror URL       Debian mirror (default: the first one that apt is set up with here)
  --no-check         do not start the finished image once
  --install          install missing Debian packages with apt-get instead of naming them
  --help             show this text
EOF
}

project_kafka_version() {
    sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/../../../pom.xml"
}

say() { printf '==> %s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

value_of() {
    [[ $# -ge 2 && -n $2 ]] || die "$1 needs a value (see --help)"
    printf '%s' "$2"
}

kafka_version=$(project_kafka_version)
while [[ $# -gt 0 ]]; do
    case $1 in
        --kafka-version) kafka_version=$(value_of "$@"); shift ;;
        --base) base=$(value_of "$@"); shift ;;
        --suite) suite=$(value_of "$@"); shift ;;
        --mirror) mirror=$(value_of "$@"); shift ;;
        --rebuild-base) rebuild_base=true ;;
        --no-check) check=false ;;
        --install) install=true ;;
        --help | -h) usage; exit 0 ;;
        *) die "unknown option $1 (see --help)" ;;
    esac
    shift
done

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

label_of() { docker image inspect --format "{{ index .Config.Labels \"$2\" }}" "$1" 2>/dev/null || true; }

# Takes pairs command:package, and sees that each command is there.
require() {
    local missing=() pair
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    if ! $install; then
        die "missing Debian packages: ${missing[*]}
Install them (apt-get install ${missing[*]}), or run this script again with --install."
    fi
    say "installing ${missing[*]}"
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

debian_mirror() {
    # shellcheck disable=SC2016  # apt-get itself fills these in.
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 'Component: main' \
        | sed -n 's/^Debian|Debian|//p' | head -n 1
}

# Not /tmp, which is often mounted nodev: debootstrap refuses that.
work=$(mktemp -d -p "${TMPDIR:-/var/tmp}")
cleanup() {
    [[ -n ${container:-} ]] && docker rm -fv "$container" >/dev/null 2>&1
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT

build_base() {
    [[ $(id -u) -eq 0 ]] || die "debootstrap needs root: run this script as root, or name a base image with --base"
    require debootstrap:debootstrap
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [[ -r $keyring ]] || die "no $keyring to check Debian's packages against: install debian-archive-keyring"
    [[ -n $mirror ]] || mirror=$(debian_mirror)
    [[ -n $mirror ]] || die "apt knows no Debian mirror here: run apt-get update, or name one with --mirror"

    say "making a Debian $suite system (about a minute)"
    debootstrap --variant=minbase --keyring="$keyring" "$suite" "$work/rootfs" "$mirror" >"$work/debootstrap.log" 2>&1 \
        || { tail -n 20 "$work/debootstrap.log" >&2; die "debootstrap failed"; }
    tar -C "$work/rootfs" -c . | docker import - "forebay/debian:$suite" >/dev/null
    rm -rf --one-file-system "$work/rootfs"

    say "installing Java 17 in it"
    # The host's network: the packages come from where apt on this machine gets them.
    docker build --network host --build-arg "DEBIAN=forebay/debian:$suite" --tag "$base" - \
        <"$here/base.Dockerfile" >"$work/base.log" 2>&1 \
        || { tail -n 20 "$work/base.log" >&2; die "the base image's build failed"; }
}

build_kafka() {
    mkdir "$work/context"
    cp -R "$here/Dockerfile" "$here/docker" "$work/context"
    say "fetching Kafka $kafka_version's jars"
    mvn -q -B -f "$here/pom.xml" -Dkafka.version="$kafka_version" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$work/context/libs" >"$work/mvn.log" 2>&1 \
        || { tail -n 20 "$work/mvn.log" >&2; die "Maven could not fetch the jars"; }
    say "building $image"
    docker build --build-arg "BASE=$base" --build-arg "KAFKA_VERSION=$kafka_version" --tag "$image" \
        "$work/context" >"$work/kafka.log" 2>&1 \
        || { tail -n 20 "$work/kafka.log" >&2; die "the image's build failed"; }
}

check_kafka() {
    say "starting it once"
    container=$(docker run -d --network none "$image")
    local deadline=$((SECONDS + 120))
    # KafkaContainer waits for the same line.
    until [[ $(docker logs "$container" 2>&1) == *"Transitioning from RECOVERY to RUNNING"* ]]; do
        if [[ $SECONDS -ge $deadline || $(docker inspect --format '{{ .State.Running }}' "$container") != true ]]; then
            docker logs --tail 20 "$container" >&2
            die "the broker did not start within 120 s"
        fi
        sleep 0.5
    done
}

require docker:docker.io mvn:maven java:openjdk-17-jre-headless
docker info >/dev/null 2>&1 || die "no Docker engine answers: start it (systemctl start docker, or dockerd as root
where there is no systemd), or set DOCKER_HOST"

[[ -n $kafka_version ]] || die "no Kafka version in the project's pom.xml: give one with --kafka-version"
image=forebay/kafka-test:$kafka_version
if has_image "$base" && ! $rebuild_base; then
    say "base image $base is here"
else
    build_base
fi
build_kafka
if $check; then
    check_kafka
fi

public=apache/kafka:$kafka_version
if ! has_image "$public" || [[ $(label_of "$public" io.forebay.built-locally) == true ]]; then
    docker tag "$image" "$public"
    say "done: $image, also tagged $public"
else
    say "done: $image ($public is here from elsewhere and stays as it is)"
fi
