/// Policies and their evaluation, as IAM does it: statements, principals, conditions, variables.
/// Pure: what a policy is evaluated against is all in an [Access].
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
@org.jspecify.annotations.NullMarked
package dev.freeway.platform.policy;
