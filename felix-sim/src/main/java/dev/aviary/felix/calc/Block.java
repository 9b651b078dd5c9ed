package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;

/** A block of addresses that belongs to {@code host}. */
public record Block(Prefix cidr, String host) {}
