/**
 * IPAM's store in etcd v3: Calico's own keys and values, through etcd's JSON gateway. Safe for
 * several threads and several processes.
 */
@NullMarked
package dev.aviary.ipam.etcd;

import org.jspecify.annotations.NullMarked;
