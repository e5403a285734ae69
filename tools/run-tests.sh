#!/bin/sh
# Every test: each module's own, then the end-to-end tests against a real server. Arguments go to Maven.
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
. "$home/tools/find-java.sh"
exec "$home/mvnw" -f "$home/pom.xml" -T2 verify "$@"
