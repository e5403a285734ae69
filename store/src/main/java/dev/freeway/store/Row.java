package dev.freeway.store;

public record Row<V>(String key, V value) {}
