package dev.aviary.emulator.calicoctl;

/**
 * What a cluster says of itself (ClusterInformation "default").
 *
 * @param version Calico's; empty if it does not say
 * @param ready false while the datastore is locked for a migration
 * @param revision of the resource
 */
public record ClusterInformation(
    String guid, String type, String version, boolean ready, String revision) {}
