# Sourced: sets JAVA_HOME to a JDK 25 or later, or says what to install.
freeway_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ "$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')" -ge 25 ] 2>/dev/null
}
freeway_find_java() {
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && freeway_is_jdk25 "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "Freeway needs a JDK 25 or later (Eclipse Temurin 25 is what it is built with)." >&2
  echo "Install one, on Debian for example the package temurin-25-jdk, or set JAVA_HOME to where it is." >&2
  return 1
}
freeway_find_java || exit 1
