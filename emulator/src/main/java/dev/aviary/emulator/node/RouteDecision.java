package dev.aviary.emulator.node;

/** What a filter of a node makes of a route, and which statement of it said so. */
public record RouteDecision(boolean accepted, String reason) {}
