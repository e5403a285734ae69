package dev.freeway.wire.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/// Test cases, or whole operations, that are not run, and why.
final class SmithyLeftOut {
  private static final String DEFAULTS = "Smithy's modelled defaults are not in the SDKs' models";
  private static final String COMPRESSION = "the gateway, not the codec, takes gzip off";
  private static final String ENDPOINT =
      "host prefixes are the client's business; the case has no target header";
  private static final String OFFSETS = "clients must read offsets; a server writes UTC";
  private static final String EMPTY = "an empty value cannot be told from none on this wire";
  private static final String QUERY_MAP =
      "a client's case: a server's map takes every parameter, as another case has it";

  static final Map<String, String> OPERATIONS = reasons();

  private SmithyLeftOut() {}

  /// The request's id is Freeway's own; the length is the HTTP server's to say; media types of
  /// blobs and of bodies that are not there are not in the SDKs' models.
  static boolean compares(String header, String value, boolean bodiless) {
    return switch (header.toLowerCase(java.util.Locale.ROOT)) {
      case "x-amzn-requestid", "x-amz-target", "content-length" -> false;
      case "content-type" -> !bodiless && !value.equals("text/plain");
      default -> true;
    };
  }

  private static Map<String, String> reasons() {
    Map<String, String> r = new LinkedHashMap<>();
    r.put("OperationWithDefaults", DEFAULTS);
    r.put("OperationWithNestedStructure", DEFAULTS);
    r.put("PutWithContentEncoding", COMPRESSION);
    r.put("EndpointOperation", ENDPOINT);
    r.put("EndpointWithHostLabelOperation", ENDPOINT);
    r.put("DatetimeOffsets", OFFSETS);
    r.put("IgnoreQueryParamsInResponse", "no output of the SDKs' models has members for the query");
    r.put("Ec2EmptyQueryLists", EMPTY);
    r.put("QueryEmptyQueryMaps", EMPTY);
    r.put("RestJsonOmitsEmptyListQueryValues", EMPTY);
    r.put("RestJsonHttpWithEmptyStructurePayload", EMPTY);
    r.put("RestJsonHttpWithHeadersButNoPayload", EMPTY);
    r.put("aws.protocoltests.restxml#AllQueryStringTypes", QUERY_MAP);
    return r;
  }
}
