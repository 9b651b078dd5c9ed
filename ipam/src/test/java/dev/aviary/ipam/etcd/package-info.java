@NullMarked
package dev.aviary.ipam.etcd;

import org.jspecify.annotations.NullMarked;
