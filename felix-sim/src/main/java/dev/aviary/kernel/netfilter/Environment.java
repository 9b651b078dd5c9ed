package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.conntrack.Conntrack;
import dev.aviary.kernel.conntrack.Translation;
import dev.aviary.kernel.ipset.IpSets;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What rules reach for outside of their table.
 *
 * @param log takes the lines that LOG and TRACE write to the kernel's log
 * @param traces takes what traced packets meet
 */
public record Environment(
    RoutingView routing,
    IpSets sets,
    Conntrack conntrack,
    Translation translation,
    InstantSource clock,
    RandomGenerator random,
    Consumer<String> log,
    RuleTraces traces) {}
