/// Cloud Map: namespaces, services, instances, and finding them.
@org.jspecify.annotations.NullMarked
package dev.freeway.servicediscovery;
