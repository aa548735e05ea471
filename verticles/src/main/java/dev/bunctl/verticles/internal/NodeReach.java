package dev.bunctl.verticles.internal;

/** A node of the cluster came within reach, or went out of it; published on {@link InternalAddresses#REACH}. */
public record NodeReach(String node, boolean reachable) {}
