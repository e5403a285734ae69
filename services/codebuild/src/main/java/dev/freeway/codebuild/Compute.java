package dev.freeway.codebuild;

import com.sun.management.OperatingSystemMXBean;
import dev.freeway.codebuild.api.ProjectEnvironment;
import dev.freeway.containers.Limits;
import java.lang.management.ManagementFactory;

/// What a compute type gives a build, and how many builds this machine runs at once.
final class Compute {
  private static final long GB = 1L << 30;
  private static final int LEAST_BUILDS = 4;
  private static final int BUILDS_PER_PROCESSOR = 2;

  private record Size(int processors, long memory) {}

  private Compute() {}

  /// A bound the machine is below is none.
  static Limits limits(ProjectEnvironment environment) {
    Size size = size(environment);
    long memory = size.memory() < machineMemory() ? size.memory() : 0;
    int processors =
        size.processors() < Runtime.getRuntime().availableProcessors()
            ? size.processors() * 1000
            : 0;
    return new Limits(memory, processors, 0);
  }

  private static Size size(ProjectEnvironment e) {
    return switch (e.computeType()) {
      case "BUILD_GENERAL1_SMALL" -> new Size(2, 4 * GB);
      case "BUILD_GENERAL1_MEDIUM" -> new Size(4, 8 * GB);
      case "BUILD_GENERAL1_LARGE" -> new Size(8, 16 * GB);
      case "BUILD_GENERAL1_XLARGE" -> new Size(36, 72 * GB);
      case "BUILD_GENERAL1_2XLARGE" -> new Size(72, 144 * GB);
      case "BUILD_LAMBDA_1GB" -> new Size(1, GB);
      case "BUILD_LAMBDA_2GB" -> new Size(2, 2 * GB);
      case "BUILD_LAMBDA_4GB" -> new Size(3, 4 * GB);
      case "BUILD_LAMBDA_8GB" -> new Size(5, 8 * GB);
      case "BUILD_LAMBDA_10GB" -> new Size(6, 10 * GB);
      default -> {
        var asked = e.computeConfiguration();
        yield new Size(
            asked == null || asked.vCpu() == null
                ? Integer.MAX_VALUE
                : Math.toIntExact(asked.vCpu()),
            asked == null || asked.memory() == null ? Long.MAX_VALUE : asked.memory() * GB);
      }
    };
  }

  private static long machineMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /// By its processors, and one build for each GB at most.
  static int buildsAtOnce() {
    int byProcessors =
        Math.max(LEAST_BUILDS, BUILDS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    return (int) Math.max(1, Math.min(byProcessors, machineMemory() / GB));
  }
}
