package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Route;
import dev.aviary.net.Prefix;
import java.util.Optional;

/** The best route to one prefix, before and after. */
public record RibChange(
    AfiSafi family, Prefix prefix, Optional<Route> before, Optional<Route> after) {}
