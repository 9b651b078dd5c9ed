package dev.aviary.bgp;

/** What BIRD counts about a neighbor's routes, and messages. */
public record NeighborCounters(
    long importUpdates,
    long importRejected,
    long importFiltered,
    long importIgnored,
    long importAccepted,
    long importWithdraws,
    long importWithdrawsIgnored,
    long messagesIn,
    long updatesIn) {}
