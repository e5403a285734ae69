/// Elastic Load Balancing: application and network load balancers on a data plane that carries
/// traffic.
@org.jspecify.annotations.NullMarked
package dev.freeway.elbv2;
