package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.platform.Scope;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredRowsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Scope SCOPE = new Scope("000000000000", "us-east-1");

  private record OldRow(String id, long number, PipelineDeclaration declaration) {}

  private static Pipeline pipeline(int version, String role, Instant created) {
    var d = PipelineDeclaration.builder().name("p").version(version).roleArn(role).build();
    return new Pipeline(SCOPE, d, created, created, Map.of(), Map.of());
  }

  @Test
  void aRowHoldsTheVersionAndNotTheDeclaration() {
    Table<Execution> table = new Table<>("t", Execution.class);
    try (Store store = Store.ephemeral()) {
      var e =
          Execution.begin(
              "e", 1, pipeline(3, "r", NOW).declaration(), new Execution.Trigger("t", ""), NOW);
      store.update(tx -> tx.put(table, "k", e));
      Execution read = store.read(tx -> tx.get(table, "k")).orElseThrow();
      assertNull(read.declaration());
      assertEquals(3, read.version());
    }
  }

  @Test
  void rowsFromBeforeStillCarryTheirDeclaration() {
    try (Store store = Store.ephemeral()) {
      var old = new OldRow("e", 1, pipeline(3, "r", NOW).declaration());
      store.update(tx -> tx.put(new Table<>("t", OldRow.class), "k", old));
      Execution read =
          store.read(tx -> tx.get(new Table<>("t", Execution.class), "k")).orElseThrow();
      assertEquals("r", read.declaration().roleArn());
      assertEquals(3, read.version());
    }
  }

  @Test
  void anExecutionKeepsTheDeclarationItBeganWithAndAPipelineMadeAnewHasItsOwn() {
    Pipelines pipelines = new Pipelines();
    Executions executions = new Executions(pipelines);
    try (Store store = Store.ephemeral()) {
      Pipeline one = pipeline(1, "first", NOW);
      var e = Execution.begin("e", 1, one.declaration(), new Execution.Trigger("t", ""), NOW);
      store.update(
          tx -> {
            pipelines.save(tx, one);
            executions.save(tx, one, e);
          });
      store.update(tx -> pipelines.save(tx, pipeline(2, "second", NOW)));
      for (int i = 0; i < 2; i++) {
        Pipeline now = store.read(tx -> pipelines.require(tx, SCOPE, "p"));
        assertEquals("second", now.declaration().roleArn());
        assertEquals(
            "first", store.read(tx -> executions.require(tx, now, "e")).declaration().roleArn());
      }
      store.update(
          tx -> {
            pipelines.delete(tx, one);
            pipelines.save(tx, pipeline(1, "anew", NOW.plusSeconds(1)));
          });
      assertEquals(
          "anew", store.read(tx -> pipelines.require(tx, SCOPE, "p")).declaration().roleArn());
    }
  }
}
