package dev.aviary.felix.calc;

/** A port of an endpoint that rules can mention by name. */
public record NamedPort(String name, Protocol protocol, int port) {}
