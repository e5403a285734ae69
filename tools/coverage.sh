#!/bin/sh
# Writes docs/coverage.md anew.
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
mkdir -p "$home/docs"
exec "$home/mvnw" -q -f "$home/pom.xml" -pl app -am test -Dtest=CoverageTest -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.write=true
