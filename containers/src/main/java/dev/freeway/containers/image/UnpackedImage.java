package dev.freeway.containers.image;

import java.nio.file.Path;
import java.util.List;

/// An image ready to run.
///
/// @param digest of its manifest
/// @param layers directories, topmost first; whiteouts are overlayfs's
public record UnpackedImage(
    String reference, String digest, ImageConfig config, List<Path> layers) {}
