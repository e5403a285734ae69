package dev.freeway.ssm;

import dev.freeway.ssm.api.ParameterStringFilter;
import dev.freeway.ssm.api.SsmErrors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ParameterFilters` of DescribeParameters and GetParametersByPath.
record ParameterFilter(@Nullable List<ParameterStringFilter> filters) {

  boolean matches(StoredParameter p) {
    return filters == null || filters.stream().allMatch(f -> matches(f, p));
  }

  private static boolean matches(ParameterStringFilter f, StoredParameter p) {
    List<String> values = f.values() == null ? List.of() : f.values();
    String option =
        f.option() == null ? f.key().equals("Path") ? "OneLevel" : "Equals" : f.option();
    StoredParameter.Version v = p.latest();
    if (f.key().startsWith("tag:")) {
      String actual = p.tags().get(f.key().substring("tag:".length()));
      return actual != null && (values.isEmpty() || values.contains(actual));
    }
    return switch (f.key()) {
      case "Name" -> values.stream().anyMatch(x -> text(option, p.name(), x));
      case "Type" -> values.stream().anyMatch(x -> text(option, v.type(), x));
      case "KeyId" ->
          values.stream().anyMatch(x -> v.keyId() != null && text(option, v.keyId(), x));
      case "Tier" -> values.contains(v.tier());
      case "DataType" -> values.contains(v.dataType());
      case "Label" -> v.labels().stream().anyMatch(values::contains);
      case "Path" -> values.stream().anyMatch(x -> path(option, p.name(), x));
      default ->
          throw SsmErrors.invalidFilterKey(
              "The following filter key is not valid: "
                  + f.key()
                  + ". Valid filter keys include: [Path, Name, Type, KeyId, Tier, Label, DataType].");
    };
  }

  private static boolean text(String option, String actual, String wanted) {
    return switch (option) {
      case "Equals" -> actual.equals(wanted) || actual.equals("/" + wanted);
      case "BeginsWith" -> actual.startsWith(wanted) || actual.startsWith("/" + wanted);
      case "Contains" -> actual.contains(wanted);
      default ->
          throw SsmErrors.invalidFilterOption(
              "The following filter option is not valid: "
                  + option
                  + ". Valid options include: [BeginsWith, Equals, Contains].");
    };
  }

  private static boolean path(String option, String name, String wanted) {
    String below = wanted.endsWith("/") ? wanted : wanted + "/";
    return name.startsWith(below)
        && (option.equals("Recursive") || name.indexOf('/', below.length()) < 0);
  }
}
