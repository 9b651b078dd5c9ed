package dev.aviary.emulator.cluster;

/**
 * One conversation, printed three ways.
 *
 * @param delivered the first packet arrived and was answered as it should be
 * @param text one line per hop, for people
 * @param kernelLines as dmesg prints TRACE
 */
public record TraceReport(boolean delivered, String text, String kernelLines, String json) {}
