package dev.freeway.ecs;

/// A name by which a task reaches a service of its Service Connect namespace.
///
/// @param name as the program calls it
/// @param address where it is reached inside the task: one of 127.255.0.0/16
/// @param port at that address
/// @param service the service's key
/// @param portName of the port mapping that its tasks serve it on
record ServiceAlias(String name, String address, int port, String service, String portName) {}
