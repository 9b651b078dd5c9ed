/**
 * One simulated Linux host: links, addresses, neighbors, routes, netfilter, connections, and the
 * walk of a packet through several of them. It knows nothing of who programs it. One thread.
 */
@NullMarked
package dev.aviary.kernel;

import org.jspecify.annotations.NullMarked;
