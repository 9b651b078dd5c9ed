package dev.aviary.emulator.cluster;

/**
 * What the cluster's datastore says of itself.
 *
 * @param ready false while it is locked for a migration
 * @param revision changes with every change of it
 */
public record DatastoreState(String guid, boolean ready, String revision) {}
