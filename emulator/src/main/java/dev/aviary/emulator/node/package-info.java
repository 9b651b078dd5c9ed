/**
 * One host of the cluster: its speaker, its Felix and kube-proxy, its kernel, its use of IPAM, and
 * the pure functions that turn resources into what each of them is told. Everything of one node is
 * touched from its event loop only.
 */
@NullMarked
package dev.aviary.emulator.node;

import org.jspecify.annotations.NullMarked;
