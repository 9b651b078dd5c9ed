package dev.aviary.emulator.node;

import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.transport.Transport;

/** What a node runs on: time and connections, real or virtual. */
public record NodeTime(Scheduler scheduler, Transport transport) {}
