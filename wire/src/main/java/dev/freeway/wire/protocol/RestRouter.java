package dev.freeway.wire.protocol;

import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.model.UriPattern;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Finds the operation of a REST request: by method, path, then query literals, then required query
/// and header members. S3 has operations that differ by nothing but a header (CopyObject and
/// PutObject).
final class RestRouter {
  private record Route(
      OperationModel operation, int specificity, List<Member> query, List<Member> headers) {}

  private static final Map<ServiceModel, Map<String, List<Route>>> TABLES = new WeakHashMap<>();

  private RestRouter() {}

  static @Nullable OperationModel route(ServiceModel service, WireRequest request) {
    List<Route> candidates = table(service).getOrDefault(request.method(), List.of());
    Map<String, String> query = new HashMap<>();
    for (QueryString.Pair p : request.query()) {
      query.putIfAbsent(p.key(), p.value());
    }
    for (Route route : candidates) {
      if (fits(route, request, query)) {
        return route.operation;
      }
    }
    return null;
  }

  private static boolean fits(Route route, WireRequest request, Map<String, String> query) {
    for (Map.Entry<String, String> literal : route.operation.uri().query().entrySet()) {
      String value = query.get(literal.getKey());
      if (value == null || !literal.getValue().isEmpty() && !literal.getValue().equals(value)) {
        return false;
      }
    }
    for (Member m : route.query) {
      if (!query.containsKey(m.wireName())) {
        return false;
      }
    }
    for (Member m : route.headers) {
      if (request.headers().get(m.wireName()) == null) {
        return false;
      }
    }
    return route.operation.uri().match(request.rawPath()) != null;
  }

  private static synchronized Map<String, List<Route>> table(ServiceModel service) {
    return TABLES.computeIfAbsent(service, RestRouter::build);
  }

  // Most specific first, so that the first that fits is the one.
  private static Map<String, List<Route>> build(ServiceModel service) {
    Map<String, List<Route>> table = new HashMap<>();
    for (OperationModel o : service.operations()) {
      table.computeIfAbsent(o.httpMethod(), m -> new java.util.ArrayList<>()).add(route(o));
    }
    Comparator<Route> order =
        Comparator.comparingInt(Route::specificity)
            .reversed()
            .thenComparing(r -> r.operation.name());
    table.values().forEach(routes -> routes.sort(order));
    return table;
  }

  private static Route route(OperationModel o) {
    Set<String> literals = new HashSet<>(o.uri().query().keySet());
    List<Member> query =
        o.input().members().stream()
            .filter(
                m ->
                    m.required()
                        && m.location() == Member.Location.QUERY
                        && !literals.contains(m.wireName()))
            .toList();
    List<Member> headers =
        o.input().members().stream()
            .filter(m -> m.required() && m.location() == Member.Location.HEADER)
            .toList();
    int literalSegments = (int) o.uri().segments().stream().filter(s -> !s.label()).count();
    int greedy = o.uri().segments().stream().anyMatch(UriPattern.Segment::greedy) ? 1 : 0;
    int specificity =
        100 * literalSegments
            + 10 * o.uri().segments().size()
            - greedy
            + 4 * (literals.size() + query.size())
            + 2 * headers.size();
    return new Route(o, specificity, query, headers);
  }
}
