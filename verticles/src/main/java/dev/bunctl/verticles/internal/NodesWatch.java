package dev.bunctl.verticles.internal;

/** Whether somebody looks at the nodes of the cluster; published on {@link InternalAddresses#WATCH}. */
public record NodesWatch(boolean on) {}
