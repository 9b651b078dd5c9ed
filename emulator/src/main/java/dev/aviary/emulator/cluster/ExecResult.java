package dev.aviary.emulator.cluster;

/** What a command printed in a node or a pod, and its exit code. */
public record ExecResult(String stdout, String stderr, int exit) {}
