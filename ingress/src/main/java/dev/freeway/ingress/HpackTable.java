package dev.freeway.ingress;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The header fields that have a number: the static ones, and those one side of a connection has
/// sent lately (RFC 7541, section 2.3). The newest dynamic one has the number 62.
final class HpackTable {
  private static final List<Field> STATIC =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate
      """
          .lines()
          .map(HpackTable::entry)
          .toList();

  /// The first number of each field and of each name.
  private static final Map<Field, Integer> BY_FIELD = new HashMap<>();

  private static final Map<String, Integer> BY_NAME = new HashMap<>();

  static {
    for (int i = 0; i < STATIC.size(); i++) {
      BY_FIELD.putIfAbsent(STATIC.get(i), i + 1);
      BY_NAME.putIfAbsent(STATIC.get(i).name(), i + 1);
    }
  }

  private final Field[] ring;
  private int newest;
  private int count;
  private int size;
  private int limit;

  private final Map<Field, Long> own = new HashMap<>();
  private long added;

  /// @param limit in the bytes of RFC 7541: 32 more for each entry; at least what it will ever be
  HpackTable(int limit) {
    this.limit = limit;
    this.ring = new Field[limit / Field.OVERHEAD + 1];
  }

  private static Field entry(String line) {
    int blank = line.indexOf(' ');
    return blank < 0
        ? new Field(line, "")
        : new Field(line.substring(0, blank), line.substring(blank + 1));
  }

  int limit() {
    return limit;
  }

  int size() {
    return size;
  }

  void limit(int wanted) {
    limit = wanted;
    evict(0);
  }

  /// One that is larger than the whole table empties it.
  void add(Field field) {
    evict(field.size());
    if (field.size() <= limit) {
      newest = (newest + 1) % ring.length;
      ring[newest] = field;
      count++;
      size += field.size();
      own.put(field, ++added);
    }
  }

  private void evict(int room) {
    while (count > 0 && size + room > limit) {
      Field oldest = ring[(newest - count + 1 + ring.length) % ring.length];
      own.remove(oldest, added - count + 1);
      size -= oldest.size();
      count--;
    }
  }

  Field get(int number) throws Http2Failure {
    if (number >= 1 && number <= STATIC.size()) {
      return STATIC.get(number - 1);
    }
    int age = number - STATIC.size() - 1;
    if (age < 0 || age >= count) {
      throw Http2Failure.compression("no header has the number " + number);
    }
    return ring[(newest - age + ring.length) % ring.length];
  }

  /// The field's number, or 0.
  int numberOf(Field field) {
    Integer fixed = BY_FIELD.get(field);
    if (fixed != null) {
      return fixed;
    }
    Long at = own.get(field);
    return at == null ? 0 : (int) (STATIC.size() + 1 + added - at);
  }

  /// A static number with that name, or 0.
  static int numberOf(String name) {
    return BY_NAME.getOrDefault(name, 0);
  }
}
