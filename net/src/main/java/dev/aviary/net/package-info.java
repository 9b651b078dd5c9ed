/**
 * IPv4 and IPv6 addresses and prefixes, and a trie over them. Values here are immutable; nothing
 * here reads a clock, opens a file or knows any module of the project.
 */
@NullMarked
package dev.aviary.net;

import org.jspecify.annotations.NullMarked;
