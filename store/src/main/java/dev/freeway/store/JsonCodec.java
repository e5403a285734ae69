package dev.freeway.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// How values are stored: compact UTF-8 JSON.
final class JsonCodec {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              it -> it.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          // Instants as seconds: to parse one from text costs as much as the rest of a small row.
          // Rows that hold text are read all the same.
          .enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // A primitive component that an old row lacks is zero, not an error.
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final ConcurrentHashMap<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Class<?>, ObjectWriter> writers = new ConcurrentHashMap<>();

  <V> byte[] encode(Table<V> table, V value) {
    try {
      return writers.computeIfAbsent(table.type(), MAPPER::writerFor).writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "cannot store a %s in %s: %s"
              .formatted(value.getClass().getName(), table.name(), e.getOriginalMessage()),
          e);
    }
  }

  <V> V decode(Table<V> table, String key, byte[] json) {
    try {
      V value = readers.computeIfAbsent(table.type(), MAPPER::readerFor).readValue(json);
      if (value == null) {
        throw new StoreException.BadValue(
            "%s has a null at '%s'".formatted(table.name(), key), new NullPointerException());
      }
      return value;
    } catch (JacksonException e) {
      throw new StoreException.BadValue(
          "cannot read the row '%s' of %s as %s: %s"
              .formatted(key, table.name(), table.type().getName(), e.getOriginalMessage()),
          e);
    }
  }
}
