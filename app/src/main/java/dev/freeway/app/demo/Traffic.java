package dev.freeway.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Requests through the load balancer, one after the other, for as long as it is open.
final class Traffic implements AutoCloseable {
  private static final List<String> PATHS = List.of("/", "/cats", "/dogs");

  final AtomicLong answered = new AtomicLong();
  final AtomicLong failed = new AtomicLong();
  final AtomicReference<String> firstFailure = new AtomicReference<>("");
  private final HttpClient http;
  private final String address;
  private final Thread loop;
  private volatile boolean closed;

  Traffic(HttpClient http, String address) {
    this.http = http;
    this.address = address;
    this.loop = Thread.ofVirtual().start(this::run);
  }

  private void run() {
    while (!closed) {
      for (String path : PATHS) {
        once(path);
      }
    }
  }

  private void once(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(10)).build();
    try {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status == 200) {
        answered.incrementAndGet();
      } else {
        fail(path + " answered " + status);
      }
      Thread.sleep(5);
    } catch (IOException e) {
      fail(path + ": " + e);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void fail(String what) {
    failed.incrementAndGet();
    firstFailure.compareAndSet("", what);
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    loop.join();
  }

  /// The version a path serves, or what stands in its way.
  static String version(HttpClient http, String address, String path) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(5)).build();
      HttpResponse<Void> response = http.send(request, HttpResponse.BodyHandlers.discarding());
      return response.headers().firstValue("X-Version").orElse("status " + response.statusCode());
    } catch (IOException e) {
      return "no answer";
    }
  }
}
