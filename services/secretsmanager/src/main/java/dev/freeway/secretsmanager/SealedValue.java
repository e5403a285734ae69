package dev.freeway.secretsmanager;

/// A value as it is stored: encrypted by a data key, which KMS encrypted.
///
/// @param dataKey KMS's ciphertext of the data key
/// @param binary whether the value was given as SecretBinary
record SealedValue(byte[] dataKey, byte[] sealed, boolean binary) {}
