/// EC2, as far as its networks: VPCs and what is in them.
@org.jspecify.annotations.NullMarked
package dev.freeway.ec2;
