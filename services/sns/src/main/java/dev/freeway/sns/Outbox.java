package dev.freeway.sns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Mail and text messages, as files in the data folder: `outbox/email/*.eml`, `outbox/sms/*.txt`.
/// Nothing is sent from there: it is where a developer reads them.
final class Outbox {
  private final Path folder;

  Outbox(Path folder) {
    this.folder = folder;
  }

  void mail(String to, String subject, String body, String name) {
    String text =
        "From: AWS Notifications <no-reply@sns.amazonaws.com>\r\nTo: "
            + line(to)
            + "\r\nSubject: "
            + line(subject)
            + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
            + body
            + "\r\n";
    write(folder.resolve("email"), name + ".eml", text);
  }

  void text(String to, String body, String name) {
    write(folder.resolve("sms"), name + ".txt", "To: " + line(to) + "\n\n" + body + "\n");
  }

  private static String line(String text) {
    return text.replaceAll("[\\r\\n]+", " ");
  }

  // Whole or not at all; a name that is there already was written by an attempt before a crash.
  private static void write(Path folder, String name, String text) {
    try {
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, ".", ".part");
      Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the outbox " + folder, e);
    }
  }
}
