package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.wire.AwsException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Artifacts are known by the digest of their content: noted when an action has made one, checked
/// when another takes it. They are put with the key of the artifact store. What an action in
/// another region takes is copied to that region's bucket.
final class ArtifactSeals {
  private static final Set<String> BUILDS = Set.of("Build", "Test", "Compute");
  private static final List<String> IMAGE_FILES =
      List.of("imagedefinitions.json", "imageDetail.json");

  private final ArtifactFiles files;
  private final ArtifactKeys keys;
  private final ImagePins pins;

  ArtifactSeals(ArtifactFiles files, ArtifactKeys keys, ImagePins pins) {
    this.files = files;
    this.keys = keys;
    this.pins = pins;
  }

  /// The inputs where the action can take them. Throws where one is not what was made.
  List<Artifact> ready(Job job) {
    List<Artifact> inputs = new ArrayList<>();
    // Asked before the action does anything: without the key it could not put its artifacts.
    String key = keys.of(job);
    String bucket = job.pipeline().bucket(job.action().region());
    for (Artifact a : job.run().inputs()) {
      if (a.digest() != null) {
        String found = files.digest(job.call(), a);
        if (!a.digest().equals(found)) {
          throw AwsException.client(
              "ArtifactChanged",
              "Artifact "
                  + a.name()
                  + " (s3://"
                  + a.bucket()
                  + "/"
                  + a.key()
                  + ") is not the one that this execution made: that had the digest "
                  + a.digest()
                  + (found == null ? ", and it is gone" : ", this has " + found));
        }
      }
      if (!a.bucket().equals(bucket)) {
        files.copy(job.call(), a, bucket, key);
      }
      inputs.add(a.in(bucket));
    }
    return inputs;
  }

  List<Artifact> sealed(Job job, List<Artifact> outputs) {
    List<Artifact> sealed = new ArrayList<>();
    String key = outputs.isEmpty() ? null : keys.of(job);
    for (Artifact a : outputs) {
      String digest = files.digest(job.call(), a);
      if (digest != null && key != null) {
        files.encrypt(job.call(), a, key);
      }
      sealed.add(a.sealed(digest));
      if (digest != null && BUILDS.contains(job.action().actionTypeId().category())) {
        noteImages(job, a);
      }
    }
    return sealed;
  }

  // Trouble with them is told by the action that deploys them.
  private void noteImages(Job job, Artifact a) {
    try {
      for (String file : IMAGE_FILES) {
        byte[] json = files.read(job.call(), a, file);
        if (json != null) {
          pins.noteAll(job, json);
        }
      }
    } catch (UncheckedIOException e) {
      return; // not a zip
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
    }
  }
}
