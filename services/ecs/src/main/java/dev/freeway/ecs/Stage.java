package dev.freeway.ecs;

/// The stages of a deployment that moves traffic, in AWS's words and order.
enum Stage {
  RECONCILE_SERVICE,
  PRE_SCALE_UP,
  SCALE_UP,
  POST_SCALE_UP,
  TEST_TRAFFIC_SHIFT,
  POST_TEST_TRAFFIC_SHIFT,
  PRE_PRODUCTION_TRAFFIC_SHIFT,
  PRODUCTION_TRAFFIC_SHIFT,
  POST_PRODUCTION_TRAFFIC_SHIFT,
  BAKE_TIME,
  CLEAN_UP;

  Stage next() {
    return values()[ordinal() + 1];
  }

  boolean before(Stage other) {
    return compareTo(other) < 0;
  }

  /// As DescribeServiceDeployments says it, which has no word for the moment before the shift.
  String shown() {
    return this == PRE_PRODUCTION_TRAFFIC_SHIFT ? POST_TEST_TRAFFIC_SHIFT.name() : name();
  }
}
