/**
 * Block IPAM, Calico's kind (v3.22): pools are cut into blocks, hosts claim blocks through
 * affinities, addresses are taken from blocks, handles remember who took them. All values are
 * immutable; every write is a compare-and-set on the store, so several callers may share one.
 */
@NullMarked
package dev.aviary.ipam;

import org.jspecify.annotations.NullMarked;
